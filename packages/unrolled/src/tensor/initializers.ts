import type { RandomStream } from "./random.js";

/** Uniform within ±√(6 / (fanIn + fanOut)) (Glorot & Bengio 2010), for a weight [rows, columns]. */
export function glorotUniform(rows: number, columns: number, random: RandomStream): Float64Array {
  return uniform(rows * columns, Math.sqrt(6 / (rows + columns)), random);
}

/** Uniform within ±bound. */
export function uniform(length: number, bound: number, random: RandomStream): Float64Array {
  return Float64Array.from({ length }, () => (2 * random.uniform() - 1) * bound);
}

/** Normal with the given standard deviation. */
export function normal(length: number, deviation: number, random: RandomStream): Float64Array {
  return Float64Array.from({ length }, () => random.normal() * deviation);
}

/**
 * A square matrix whose rows are orthonormal (Saxe et al. 2014): random normal rows, each made perpendicular to those before it
 * (modified Gram-Schmidt, twice over for exactness).
 */
export function orthogonal(size: number, random: RandomStream): Float64Array {
  const matrix = normal(size * size, 1, random);
  for (let i = 0; i < size; i++) {
    const row = matrix.subarray(i * size, (i + 1) * size);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = matrix.subarray(j * size, (j + 1) * size);
        const along = dot(row, other);
        for (let k = 0; k < size; k++) (row[k] as number) -= along * (other[k] as number);
      }
    }
    const norm = Math.sqrt(dot(row, row));
    for (let k = 0; k < size; k++) (row[k] as number) /= norm;
  }
  return matrix;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}
