import { OrderedHeap } from "./ordered-heap.js";

/** More pieces than any tokenizer has; a pair of ids, and a rank with a place, so fit into one number. */
export const MOST_PIECES = 2 ** 22;
const PLACES = 2 ** 30;

/** Which pairs of pieces become one, and which of them first. */
export class MergeTable {
  /** By the pair: its rank. */
  readonly #ranks = new Map<number, number>();
  /** By the rank: what the pair becomes. */
  readonly #merged: Int32Array;

  /**
   * @param merges ids of left and right, one after the other, from the first learned on
   * @param merged what each of them becomes
   */
  constructor(merges: Int32Array, merged: Int32Array) {
    this.#merged = merged;
    // where a pair stands twice, the later one counts, as in the reference implementation
    for (let rank = 0; rank < merged.length; rank++) {
      this.#ranks.set(pairKey(merges[2 * rank] as number, merges[2 * rank + 1] as number), rank);
    }
  }

  /**
   * Merges the symbols of a word in place, always the pair that was learned first, the leftmost of equal ones (Sennrich et al. 2016), in
   * n log n steps: neighbours are a linked list, and a heap holds the pairs by rank and place.
   *
   * @returns how many are left, at the beginning of `symbols`
   */
  apply(symbols: Int32Array): number {
    const { length } = symbols;
    if (length < 2) return length;
    const next = new Int32Array(length);
    const previous = new Int32Array(length);
    const pairs = new OrderedHeap<number>((a, b) => a < b);
    const consider = (left: number) => {
      const right = next[left] as number;
      const rank = right < length ? this.#ranks.get(pairKey(symbols[left] as number, symbols[right] as number)) : undefined;
      if (rank !== undefined) pairs.push(rank * PLACES + left);
    };
    for (let place = 0; place < length; place++) {
      next[place] = place + 1;
      previous[place] = place - 1;
    }
    for (let place = 0; place + 1 < length; place++) consider(place);
    for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
      const left = pair % PLACES;
      const rank = (pair - left) / PLACES;
      const right = next[left] as number;
      // either may have been merged with another by now
      if (symbols[left] === GONE || right >= length) continue;
      if (this.#ranks.get(pairKey(symbols[left] as number, symbols[right] as number)) !== rank) continue;
      symbols[left] = this.#merged[rank] as number;
      symbols[right] = GONE;
      const after = next[right] as number;
      next[left] = after;
      if (after < length) previous[after] = left;
      consider(left);
      if ((previous[left] as number) >= 0) consider(previous[left] as number);
    }
    let kept = 0;
    for (let place = 0; place < length; place = next[place] as number) symbols[kept++] = symbols[place] as number;
    return kept;
  }
}

const GONE = -2;

/** A number for a pair of ids, unknown ones (−1) too. */
export function pairKey(left: number, right: number): number {
  return (left + 1) * MOST_PIECES + right + 1;
}
