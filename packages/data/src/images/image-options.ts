import { UnrolledError } from "unrolled";
import { DataFile, wholeContents } from "../files/data-file.js";
import { checkCount } from "../options.js";
import type { Image } from "../records/records.js";

/** How pictures are read. */
export interface ImageOptions {
  /** 1 makes colours grey, 3 makes grey colours. Default: as each picture is. */
  channels?: 1 | 3;
  /** A picture with more pixels is an error, before it is decoded. Default: 2^24. */
  maximumPixels?: number;
}

const MAXIMUM_PIXELS = 2 ** 24;
/** No picture of `MAXIMUM_PIXELS` needs more. */
const MAXIMUM_BYTES = 2 ** 27;

/** Makes the function that reads one picture, with the options checked once. */
export function imageReader(where: string, options: ImageOptions): (path: string) => Promise<Image> {
  const { channels } = options;
  if (channels !== undefined && channels !== 1 && channels !== 3) {
    throw new UnrolledError("UNROLLED_VALUE", `${where}: \`channels\` must be 1 or 3, received ${channels}.`);
  }
  const maximumPixels = checkCount(where, "maximumPixels", options.maximumPixels ?? MAXIMUM_PIXELS);
  return async (path) => {
    const bytes = await wholeContents(new DataFile(path, "a PNG or JPEG picture"), MAXIMUM_BYTES);
    // Loaded when first needed: who reads no picture shouldn't wait for the decoders.
    const { decodeImage } = await import("./decode-image.js");
    return decodeImage(bytes, path, channels, maximumPixels);
  };
}

/** Whether a file's name says that it is a picture that can be read. */
export function isImageName(name: string): boolean {
  return /\.(png|jpe?g)(\.gz)?$/i.test(name);
}
