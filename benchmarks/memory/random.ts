/** Uniform numbers in [0, 1) that a seed decides (Marsaglia's xorshift32): the same problems for every cell. */
export function uniformNumbers(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}
