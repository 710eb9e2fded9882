/** How large images are. */
export interface ImageExtent {
  readonly height: number;
  /** null where it is other from image to image. */
  readonly width: number | null;
}
