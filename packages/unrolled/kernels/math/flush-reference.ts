/** A derivative of less than 1e-25 counts as 0: it would end in subnormal numbers, which are slow, and adds nothing to a weight. */
export function flushed(derivative: number): number {
  return Math.abs(derivative) < 1e-25 ? 0 : derivative;
}
