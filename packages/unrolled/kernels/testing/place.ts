import type { ElementwiseKernel } from "./elementwise.js";
import { FIRST_ADDRESS, type KernelBuild } from "./instantiate.js";

/**
 * Runs a kernel over every range of 1 to 9 elements that begins at one of four places, in place, and lists the ranges whose results
 * differ in a bit from those of `y`, or that changed an element outside.
 */
export function rangesThatDiffer(build: KernelBuild, kernel: ElementwiseKernel, x: Float32Array, y: Float32Array): string[] {
  const { kernels, elements } = build.instantiate(x.length);
  const differing: string[] = [];
  for (let first = 0; first < 4; first++) {
    for (let length = 1; length <= 9; length++) {
      elements.set(x, FIRST_ADDRESS);
      kernels[kernel](length, FIRST_ADDRESS + first, FIRST_ADDRESS + first);
      const same = x.every((value, i) => {
        const expected = i >= first && i < first + length ? y[i] : value;
        return Object.is(elements[FIRST_ADDRESS + i], expected);
      });
      if (!same) differing.push(`${length} elements from ${first} on`);
    }
  }
  return differing;
}
