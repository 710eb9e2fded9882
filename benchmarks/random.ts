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

/** The items in another order. */
export function shuffled<E>(items: readonly E[], random: () => number): E[] {
  const order = items.map((item) => ({ item, at: random() })).sort((a, b) => a.at - b.at);
  return order.map(({ item }) => item);
}
