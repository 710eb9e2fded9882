import { UnrolledError } from "../errors.js";

/** That a number would become infinite in float32. */
export function tooLargeError(value: number, position: number): UnrolledError {
  return new UnrolledError("UNROLLED_DTYPE", `tensor: ${value} at position ${position} is too large for float32; scale it down.`);
}

/** @throws {UnrolledError} `UNROLLED_DTYPE` where a finite number would become infinite in float32. */
export function checkFitsFloat32(values: ArrayLike<number>): void {
  for (let position = 0; position < values.length; position++) {
    const value = values[position] as number;
    if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) throw tooLargeError(value, position);
  }
}
