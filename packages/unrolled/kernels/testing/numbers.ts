/** `length` numbers spread evenly over −2 … 2, of which no two are alike; the same for the same seed. Each is a float32. */
export function numbers(length: number, seed = 1): Float32Array {
  // Multiples of the golden ratio, whose fractions fill an interval evenly without a period.
  return Float32Array.from({ length }, (_, i) => 4 * ((((i + 1) * 0.6180339887498949 + seed * 0.7548776662466927) % 1) - 0.5));
}

/** The same between 0.5 and 2.5, for what must be positive. */
export function positiveNumbers(length: number, seed = 1): Float32Array {
  return numbers(length, seed).map((value) => value / 2 + 1.5);
}
