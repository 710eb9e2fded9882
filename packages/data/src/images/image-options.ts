import { UnrolledError } from "unrolled";
import { dataError } from "../data-error.js";
import { DataFile, wholeContents } from "../files/data-file.js";
import { checkCount } from "../options.js";
import type { Image } from "../records/records.js";
import { scaledImage, scaledWidth } from "./scaled-image.js";

/** How pictures are read. */
export interface ImageOptions {
  /** 1 makes colours grey, 3 makes grey colours. Default: as each picture is. */
  channels?: 1 | 3;
  /** Pictures are scaled to so many pixels of height, and keep their shape. Default: as high as each is. */
  height?: number;
  /** A picture with more pixels is an error, before it is decoded. Default: 2^24. */
  maximumPixels?: number;
}

export const IMAGE_OPTIONS = ["channels", "height", "maximumPixels"] as const;

const MAXIMUM_PIXELS = 2 ** 24;
/** No picture of `MAXIMUM_PIXELS` needs more. */
const MAXIMUM_BYTES = 2 ** 27;

/** A file that should be a picture. */
export function imageFile(path: string): DataFile {
  return new DataFile(path, "a PNG or JPEG picture");
}

/** Makes the function that reads one picture, with the options checked once. */
export function imageReader(where: string, options: ImageOptions): (file: DataFile) => Promise<Image> {
  const { channels } = options;
  if (channels !== undefined && channels !== 1 && channels !== 3) {
    throw new UnrolledError("UNROLLED_VALUE", `${where}: \`channels\` must be 1 or 3, received ${channels}.`);
  }
  const maximumPixels = checkCount(where, "maximumPixels", options.maximumPixels ?? MAXIMUM_PIXELS);
  const height = options.height === undefined ? undefined : checkCount(where, "height", options.height);
  return async (file) => {
    const { path } = file;
    const bytes = await wholeContents(file, MAXIMUM_BYTES);
    // Loaded when first needed: who reads no picture shouldn't wait for the decoders.
    const { decodeImage } = await import("./decode-image.js");
    const image = decodeImage(bytes, path, channels, maximumPixels);
    if (height === undefined) return { ...image, path };
    const pixels = height * scaledWidth(image, height);
    if (pixels <= maximumPixels) return { ...scaledImage(image, height), path };
    throw dataError(
      path,
      `${image.height} x ${image.width} pixels scaled to a height of ${height} are ${pixels}, expected at most ${maximumPixels}; scale it to less.`,
    );
  };
}

/** Whether a file's name says that it is a picture that can be read. */
export function isImageName(name: string): boolean {
  return /\.(png|jpe?g)(\.gz)?$/i.test(name);
}
