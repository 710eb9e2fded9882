import { UnrolledError } from "../errors.js";
import type { Address, Elements, Memory } from "./memory.js";

/** The reference engine's memory: one typed array, replaced by a longer one when it grows. Indices are kept as numbers. */
export class ArrayMemory implements Memory {
  readonly precision: "float32" | "float64";
  elements: Elements;

  constructor(precision: "float32" | "float64") {
    this.precision = precision;
    this.elements = newArray(precision, 0);
  }

  grow(length: number): void {
    const grown = newArray(this.precision, Math.max(length, 2 * this.elements.length));
    grown.set(this.elements);
    this.elements = grown;
  }

  writeIndices(indices: ArrayLike<number>, address: Address): void {
    this.elements.set(indices, address);
  }

  readIndices(address: Address, length: number): Int32Array {
    return Int32Array.from(this.elements.subarray(address, address + length));
  }
}

function newArray(precision: "float32" | "float64", length: number): Elements {
  try {
    return precision === "float64" ? new Float64Array(length) : new Float32Array(length);
  } catch (cause) {
    throw new UnrolledError(
      "UNROLLED_MEMORY",
      `engine memory: ${length} numbers are needed at once, and the host has no room for them; use a smaller batch or network.`,
      { cause },
    );
  }
}
