import { ImagePlan } from "./image-plan.js";
import type { Address } from "../../memory/memory.js";
import { Tensor } from "../../tensor/tensor.js";
import type { Scope } from "../scope.js";

/**
 * Whether a window stays inside of an image, or stands out of it so far that there is an output for every `strides`-th pixel, half on each side, what is
 * odd below and to the right.
 */
export type Padding = "valid" | "same";

/** What slides over images. Height before width. */
export interface Window {
  readonly kernel: readonly [height: number, width: number];
  readonly strides: readonly [height: number, width: number];
  readonly padding: Padding;
}

/** Images of one width as kernels walk over them. */
export interface WindowRun {
  readonly images: number;
  /** Lines of all its images. */
  readonly lines: number;
  readonly width: number;
  /** Its first row before and behind. */
  readonly from: number;
  readonly to: number;
  /** Rows that it gives. */
  readonly rows: number;
  /** Rows that an image has, and that it gives. */
  readonly pixels: number;
  readonly outPixels: number;
  /** Where the kernels read its sizes. */
  readonly geometry: Address;
}

/** Along one axis: places that a window takes, and how far the first stands out. None where the window is longer. */
export function placesOf(length: number, kernel: number, stride: number, padding: Padding): { count: number; before: number } {
  if (padding === "valid") return { count: Math.max(0, Math.floor((length - kernel) / stride) + 1), before: 0 };
  const count = Math.ceil(length / stride);
  return { count, before: Math.max(0, Math.floor(((count - 1) * stride + kernel - length) / 2)) };
}

/** How images lie behind a window. */
export function planBehind({ height, widths, width }: ImagePlan, { kernel, strides, padding }: Window): ImagePlan {
  const across = (length: number) => placesOf(length, kernel[1], strides[1], padding).count;
  return new ImagePlan(placesOf(height, kernel[0], strides[0], padding).count, widths.map(across), across(width));
}

/** Every run of images of one width, in front of a window and behind it. */
export function windowRuns(scope: Scope, images: ImagePlan, behind: ImagePlan, window: Window, channels: number): WindowRun[] {
  const { kernel, strides, padding } = window;
  const { height } = images;
  return images.runs.map(({ first, images: count, width }) => {
    const outWidth = behind.widths[first] as number;
    const top = placesOf(height, kernel[0], strides[0], padding).before;
    const left = placesOf(width, kernel[1], strides[1], padding).before;
    const sizes = Int32Array.of(height, width, channels, ...kernel, ...strides, top, left, behind.height, outWidth);
    return {
      images: count,
      lines: count * height,
      width,
      from: images.offsets[first] as number,
      to: behind.offsets[first] as number,
      rows: count * behind.height * outWidth,
      pixels: height * width,
      outPixels: behind.height * outWidth,
      geometry: scope.useIndices(Tensor.owning(sizes, [sizes.length])).address,
    };
  });
}
