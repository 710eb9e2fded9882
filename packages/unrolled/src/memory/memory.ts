/** A place in an engine's memory, counted in elements. 0 is nowhere. */
export type Address = number;

/** Elements: float32 in the Wasm engines, float32 or float64 in the reference engine. */
export type Elements = Float32Array | Float64Array;

/** An engine's linear memory: elements that kernels address by number. It grows and never shrinks. */
export interface Memory {
  readonly precision: "float32" | "float64";
  /** All elements as they are now; growing replaces this view, so it is asked for anew each time. */
  readonly elements: Elements;
  /** Makes room for at least `length` elements; throws `UNROLLED_MEMORY` where the host has no more. */
  grow(length: number): void;
  /** Copies indices (whole numbers) into memory, in the form in which kernels read them. */
  writeIndices(indices: ArrayLike<number>, address: Address): void;
  /** A copy of them. */
  readIndices(address: Address, length: number): Int32Array;
}
