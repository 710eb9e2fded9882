import { checkKnown } from "../options.js";
import type { Image } from "../records/records.js";
import { IMAGE_OPTIONS, type ImageOptions, imageFile, imageReader } from "./image-options.js";

/**
 * Reads one PNG or JPEG picture.
 *
 * @example (await captioner.predict(await readImage("photo.png"))).text
 * @throws {UnrolledError} `UNROLLED_DATA` where there is no such file, or it is no picture, or damaged.
 */
export async function readImage(path: string, options: ImageOptions = {}): Promise<Image> {
  checkKnown("readImage", options, IMAGE_OPTIONS);
  return await imageReader("readImage", options)(imageFile(path));
}
