import type { RandomStream } from "./random.js";

/** Uniform within ±√(6 / (fanIn + fanOut)) (Glorot & Bengio 2010), for a weight [rows, columns]. */
export function glorotUniform(rows: number, columns: number, random: RandomStream): Float64Array {
  return uniform(rows * columns, Math.sqrt(6 / (rows + columns)), random);
}

/** Uniform within ±bound. */
export function uniform(length: number, bound: number, random: RandomStream): Float64Array {
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = (2 * random.uniform() - 1) * bound;
  return values;
}

/** Normal with the given standard deviation. */
export function normal(length: number, deviation: number, random: RandomStream): Float64Array {
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = random.normal() * deviation;
  return values;
}

/**
 * A square matrix with orthonormal rows (Saxe et al. 2014), uniform among all such: the product of a random reflection in each
 * dimension from `size` down to 1 (Stewart 1980). A third of the work of making random rows perpendicular to each other.
 */
export function orthogonal(size: number, random: RandomStream): Float64Array {
  const reflections = Array.from({ length: size }, (_, axis) => randomReflection(size - axis, random));
  const matrix = new Float64Array(size * size);
  const four = new Float64Array(4 * size); // four rows side by side, [size, 4]: the sums of one row would wait for each other
  for (let row = 0; row < size; row += 4) {
    const rows = Math.min(4, size - row);
    four.fill(0);
    for (let r = 0; r < rows; r++) four[(row + r) * 4 + r] = 1;
    // A unit row is untouched by reflections of the axes behind its own.
    for (let axis = row + rows - 1; axis >= 0; axis--) reflect(four.subarray(4 * axis), reflections[axis] as Reflection);
    for (let r = 0; r < rows; r++) {
      for (let k = 0; k < size; k++) matrix[(row + r) * size + k] = four[k * 4 + r] as number;
    }
  }
  return matrix;
}

/** x ↦ sign·(x − scale·(x·v)·v); it takes the first axis to a direction that is uniform on the sphere. */
interface Reflection {
  readonly v: Float64Array;
  readonly scale: number;
  readonly sign: number;
}

function randomReflection(size: number, random: RandomStream): Reflection {
  const v = normal(size, 1, random);
  const norm = Math.sqrt(dot(v, v));
  const first = v[0] as number;
  const sign = first < 0 ? 1 : -1;
  v[0] = first - sign * norm; // both of one sign, so that nothing cancels
  return { v, scale: 1 / (norm * (norm + Math.abs(first))), sign };
}

/** Reflects four vectors in place, x [size, 4]. */
function reflect(x: Float64Array, { v, scale, sign }: Reflection): void {
  let along0 = 0;
  let along1 = 0;
  let along2 = 0;
  let along3 = 0;
  for (let k = 0; k < v.length; k++) {
    const value = v[k] as number;
    along0 += (x[4 * k] as number) * value;
    along1 += (x[4 * k + 1] as number) * value;
    along2 += (x[4 * k + 2] as number) * value;
    along3 += (x[4 * k + 3] as number) * value;
  }
  for (let k = 0; k < v.length; k++) {
    const scaled = (v[k] as number) * scale;
    x[4 * k] = sign * ((x[4 * k] as number) - along0 * scaled);
    x[4 * k + 1] = sign * ((x[4 * k + 1] as number) - along1 * scaled);
    x[4 * k + 2] = sign * ((x[4 * k + 2] as number) - along2 * scaled);
    x[4 * k + 3] = sign * ((x[4 * k + 3] as number) - along3 * scaled);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}
