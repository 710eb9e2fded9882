import type { Heap } from "../heap.js";

/**
 * The largest number that a window sees in each channel, at output pixels from `first` on: y: [rows, channels], of images [height, width, channels] one
 * after another, all of one size; what is outside of an image is not seen. positions: the first number that is the largest, as an index within its
 * image. NaN wins. geometry: as of `imagePatches`.
 */
export function maxPool(
  heap: Heap,
  rows: number,
  first: number,
  channels: number,
  geometry: number,
  x: number,
  y: number,
  positions: number,
): void {
  const [height, width, , kernelHeight, kernelWidth, strideY, strideX, top, left, outHeight, outWidth] = Array.from(
    heap.subarray(geometry, geometry + 11),
  ) as [number, number, number, number, number, number, number, number, number, number, number];
  for (let row = 0; row < rows; row++) {
    const pixel = first + row;
    const image = x + Math.floor(pixel / (outHeight * outWidth)) * height * width * channels;
    const [firstY, firstX] = [(Math.floor(pixel / outWidth) % outHeight) * strideY - top, (pixel % outWidth) * strideX - left];
    for (let c = 0; c < channels; c++) {
      let best = Number.NEGATIVE_INFINITY;
      let position = -1;
      for (let i = Math.max(firstY, 0); i < Math.min(firstY + kernelHeight, height); i++) {
        for (let j = Math.max(firstX, 0); j < Math.min(firstX + kernelWidth, width); j++) {
          const place = (i * width + j) * channels + c;
          const value = heap[image + place] as number;
          if (position < 0 || value > best || (Number.isNaN(value) && !Number.isNaN(best))) {
            best = value;
            position = place;
          }
        }
      }
      heap[y + row * channels + c] = best;
      heap[positions + row * channels + c] = position;
    }
  }
}

/** dx[positions] += dy, image by image. dy and positions: [images, outSize], dx: [images, inSize]. */
export function maxPoolBackward(
  heap: Heap,
  images: number,
  outSize: number,
  inSize: number,
  dy: number,
  positions: number,
  dx: number,
): void {
  for (let image = 0; image < images; image++) {
    for (let i = image * outSize; i < (image + 1) * outSize; i++) {
      (heap[dx + image * inSize + (heap[positions + i] as number)] as number) += heap[dy + i] as number;
    }
  }
}
