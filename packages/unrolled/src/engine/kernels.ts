import type { Heap } from "../../kernels/heap.js";
import type * as reference from "../../kernels/reference.js";

type Bound<F> = F extends (heap: Heap, ...args: infer A) => infer R ? (...args: A) => R : never;

/**
 * What an engine computes with: the kernels of `kernels/reference.ts` over the engine's own memory. Addresses and strides count
 * elements. Kernels take ranges (a first address and a length, rows and a stride), so a caller may split the output as it likes.
 */
export type Kernels = { readonly [K in keyof typeof reference]: Bound<(typeof reference)[K]> };
