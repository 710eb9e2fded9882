import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference } from "../testing/run-kernel.js";

/** Two images; windows that overlap, that leave gaps, that stand out, and one larger than the image. */
const CASES = [
  { size: [4, 5, 1], kernel: [2, 3], strides: [1, 1], before: [0, 0], out: [3, 3] },
  { size: [4, 5, 3], kernel: [3, 3], strides: [1, 1], before: [1, 1], out: [4, 5] },
  { size: [5, 7, 2], kernel: [2, 2], strides: [3, 3], before: [0, 0], out: [2, 2] },
  { size: [5, 6, 5], kernel: [5, 4], strides: [2, 1], before: [2, 1], out: [3, 6] },
  { size: [1, 2, 4], kernel: [5, 7], strides: [1, 2], before: [2, 3], out: [1, 1] },
  { size: [3, 3, 17], kernel: [1, 1], strides: [2, 2], before: [0, 0], out: [2, 2] },
] as const;
const IMAGES = 2;

describe.each(engines)("image patches, $name engine", ({ create }) => {
  const engine = create();

  it.each(CASES)("imagePatches: $size through $kernel, of the first, of some and of all pixels", (shapes) => {
    const { geometry, image, pixels, patch } = sizes(shapes);
    for (const [first, rows] of [
      [0, 1],
      [pixels - 1, 1],
      [1, IMAGES * pixels - 1],
      [0, IMAGES * pixels],
    ] as const) {
      const blocks = { geometry, x: numbers(IMAGES * image), patches: numbers(rows * patch, 2) };
      const difference = differenceFromReference(engine, blocks, (kernels, a) =>
        kernels.imagePatches(rows, first, patch, a.geometry, a.x, a.patches),
      );
      expect(difference).toBe(0);
    }
  });

  it.each(CASES)("imagePatchesBackward: $size through $kernel, adds each number where it came from", (shapes) => {
    const { geometry, image, pixels, patch } = sizes(shapes);
    for (const [first, rows] of [
      [0, IMAGES * pixels],
      [1, IMAGES * pixels - 1],
      [pixels - 1, 1],
    ] as const) {
      const blocks = { geometry, dPatches: numbers(rows * patch), dx: numbers(IMAGES * image, 2) };
      const difference = differenceFromReference(engine, blocks, (kernels, a) =>
        kernels.imagePatchesBackward(rows, first, patch, a.geometry, a.dPatches, a.dx),
      );
      expect(difference).toBeLessThan(1e-6);
    }
  });
});

function sizes({ size, kernel, strides, before, out }: (typeof CASES)[number]) {
  const [height, width, channels] = size;
  return {
    geometry: Int32Array.of(...size, ...kernel, ...strides, ...before, ...out),
    image: height * width * channels,
    pixels: out[0] * out[1],
    patch: kernel[0] * kernel[1] * channels,
  };
}
