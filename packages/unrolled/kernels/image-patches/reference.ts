import type { Heap } from "../heap.js";

/**
 * The patches of images that a window sees, one a row: what makes a convolution a product (Chellapilla et al. 2006). Images: [height, width, channels]
 * one after another, all of one size; patches: [rows, kernelHeight, kernelWidth, channels], from output pixel `first` on, 0 outside of an image.
 *
 * geometry: 32-bit integers: height, width, channels, kernelHeight, kernelWidth, strideY, strideX, top, left, outHeight, outWidth; top and left
 * are how far the first window stands out of the image. size: kernelHeight·kernelWidth·channels.
 */
export function imagePatches(
  heap: Heap,
  rows: number,
  first: number,
  size: number,
  geometry: number,
  x: number,
  patches: number,
): void {
  forEachPlace(heap, rows, first, geometry, (patch, inside, image) => {
    heap[patches + patch - first * size] = inside ? (heap[x + image] as number) : 0;
  });
}

/** dx += dPatches, each number where it came from. */
export function imagePatchesBackward(
  heap: Heap,
  rows: number,
  first: number,
  size: number,
  geometry: number,
  dPatches: number,
  dx: number,
): void {
  forEachPlace(heap, rows, first, geometry, (patch, inside, image) => {
    if (inside) (heap[dx + image] as number) += heap[dPatches + patch - first * size] as number;
  });
}

/** Every number of some patches, with the number of the images that it is, if it is inside of one. */
function forEachPlace(
  heap: Heap,
  rows: number,
  first: number,
  geometry: number,
  visit: (patch: number, inside: boolean, image: number) => void,
): void {
  const [height, width, channels, kernelHeight, kernelWidth, strideY, strideX, top, left, outHeight, outWidth] = Array.from(
    heap.subarray(geometry, geometry + 11),
  ) as [number, number, number, number, number, number, number, number, number, number, number];
  for (let pixel = first; pixel < first + rows; pixel++) {
    const image = Math.floor(pixel / (outHeight * outWidth));
    const [outY, outX] = [Math.floor(pixel / outWidth) % outHeight, pixel % outWidth];
    for (let i = 0; i < kernelHeight; i++) {
      for (let j = 0; j < kernelWidth; j++) {
        const [y, x] = [outY * strideY + i - top, outX * strideX + j - left];
        const inside = y >= 0 && y < height && x >= 0 && x < width;
        for (let c = 0; c < channels; c++) {
          const patch = ((pixel * kernelHeight + i) * kernelWidth + j) * channels + c;
          visit(patch, inside, ((image * height + y) * width + x) * channels + c);
        }
      }
    }
  }
}
