import type { Tensor } from "../../tensor/tensor.js";
import { ImagePlan } from "../ops/image-plan.js";
import { planBehind, type Window, type WindowPlan } from "../ops/window.js";

/** A window, and the height and widths of images that it slides over. */
export interface WindowCase extends Window {
  readonly height: number;
  readonly widths: readonly number[];
}

/** Windows that overlap, that leave gaps, that stand out of the image; images of one width and of several. */
export const windowCases: readonly WindowCase[] = [
  { height: 4, widths: [5, 5], kernel: [2, 3], strides: [1, 1], padding: "valid" },
  { height: 5, widths: [7, 4, 4, 6], kernel: [3, 3], strides: [1, 1], padding: "same" },
  { height: 6, widths: [5, 8], kernel: [3, 2], strides: [2, 3], padding: "valid" },
  { height: 5, widths: [1, 6], kernel: [2, 4], strides: [2, 2], padding: "same" },
  { height: 3, widths: [4], kernel: [1, 1], strides: [2, 2], padding: "valid" },
];

export function plansOf({ height, widths, ...window }: WindowCase): WindowPlan {
  const images = new ImagePlan(height, Int32Array.from(widths), Math.max(...widths));
  return { window, images, behind: planBehind(images, window) };
}

/**
 * For each output pixel in its order, what the window sees there: the number of a channel at a place of the window, or undefined outside of the image. The
 * places are found by padding each image on its own.
 */
export function seen(x: Tensor, { height, widths, kernel, strides, padding }: WindowCase) {
  const channels = x.shape[1] as number;
  const views: ((i: number, j: number, c: number) => number | undefined)[] = [];
  let first = 0;
  for (const width of widths) {
    const [top, down] = around(height, kernel[0], strides[0], padding);
    const [left, right] = around(width, kernel[1], strides[1], padding);
    const begin = first;
    for (let y = -top; y + kernel[0] <= height + down; y += strides[0]) {
      for (let z = -left; z + kernel[1] <= width + right; z += strides[1]) {
        views.push((i, j, c) => {
          if (y + i < 0 || y + i >= height || z + j < 0 || z + j >= width) return undefined;
          return x.data[(begin + (y + i) * width + z + j) * channels + c] as number;
        });
      }
    }
    first += height * width;
  }
  return views;
}

/** How far a window stands out, by TensorFlow's rule: in all max(k − s, 0) where the stride divides the length, else max(k − length mod s, 0). */
function around(length: number, kernel: number, stride: number, padding: string): [before: number, after: number] {
  if (padding === "valid") return [0, 0];
  const rest = length % stride;
  const all = Math.max(kernel - (rest === 0 ? stride : rest), 0);
  return [Math.floor(all / 2), Math.ceil(all / 2)];
}
