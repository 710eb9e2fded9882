import { UnrolledError } from "../../../errors.js";
import { checkKnown } from "../../../options.js";
import { BYTE_CHARACTERS } from "./byte-alphabet.js";
import { cutIntoWords } from "./cut.js";
import { pairKey } from "./merge.js";
import { OrderedHeap } from "./ordered-heap.js";
import { PieceTokenizer } from "./piece-tokenizer.js";
import type { Cut } from "./rules.js";

/** How pieces are learned from a text. */
export interface TrainPiecesOptions {
  /** How many pieces there are at most, those of the 256 bytes included; a short text may give fewer. */
  readonly size: number;
  /** How often two pieces stand side by side at least to become one. Default: 2. */
  readonly minimumCount?: number;
}

/** GPT-2's way of cutting a text: contractions, letters, digits, marks, each with a space before it; other white space. */
const CUT: Cut = { type: "ByteLevel", addPrefixSpace: false, useRegex: true };

/** Bytes of a word that are learned from together: pieces grow no longer than that, and a text without spaces takes no longer to learn. */
const LONGEST_STRETCH = 128;

/**
 * Learns pieces from a text (Sennrich et al. 2016, on bytes as in Radford et al. 2019): begins with the 256 bytes, and makes one piece of the
 * two that stand side by side most often inside words, again and again. Of equally frequent ones it takes those that were learned first, so that
 * the same text gives the same pieces. Counts are kept up to date instead of counted anew, so that a merge costs as much as the
 * words that it changes.
 *
 * @param text a text, or the counts of many texts' words, as `countPieceWords` makes them
 * @throws {UnrolledError} `UNROLLED_VALUE` where `size` leaves no room for the bytes, and for an unknown option.
 */
export function trainPieces(text: string | ReadonlyMap<string, number>, options: TrainPiecesOptions): PieceTokenizer {
  checkKnown("trainPieces", options, ["size", "minimumCount"]);
  const { size, minimumCount = 2 } = options;
  if (!(Number.isSafeInteger(size) && size >= BYTE_CHARACTERS.length)) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `trainPieces: \`size\` must be a whole number of at least ${BYTE_CHARACTERS.length}, one for each byte, received ${size}.`,
    );
  }
  // the order of their characters, as GPT-2 has them
  const pieces = [...BYTE_CHARACTERS].sort((a, b) => (a.codePointAt(0) as number) - (b.codePointAt(0) as number));
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const words = typeof text === "string" ? countPieceWords(text) : text;
  const pairs = new PairCounts(stretchesOf(words, ids));
  const merges: number[] = [];
  while (pieces.length < size) {
    const pair = pairs.mostFrequent(minimumCount);
    if (!pair) break;
    const { left, right } = pair;
    const spelled = `${pieces[left]}${pieces[right]}`;
    const known = ids.get(spelled);
    const merged = known ?? pieces.length;
    if (known === undefined) {
      ids.set(spelled, merged);
      pieces.push(spelled);
    }
    merges.push(left, right);
    pairs.merge(pair, merged);
  }
  return new PieceTokenizer({
    pieces,
    merges: Int32Array.from(merges),
    added: [],
    normalizers: [],
    cuts: [CUT],
    decoders: [{ type: "ByteLevel" }],
  });
}

/** Counts the words that pieces are learned inside of, added to the counts of other texts. */
export function countPieceWords(text: string, counts: Map<string, number> = new Map()): Map<string, number> {
  for (const word of cutIntoWords(text.replace(/\p{Surrogate}/gu, "\ufffd"), [CUT], true)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** A stretch of a word, and how often it stands in the text. */
interface Stretch {
  readonly count: number;
  /** Ids of its pieces so far. */
  readonly symbols: Int32Array;
  length: number;
}

function stretchesOf(words: ReadonlyMap<string, number>, ids: ReadonlyMap<string, number>): Stretch[] {
  const byteIds = Int32Array.from(BYTE_CHARACTERS, (character) => ids.get(character) as number);
  const encoder = new TextEncoder();
  const stretches: Stretch[] = [];
  for (const [word, count] of words) {
    const symbols = Int32Array.from(encoder.encode(word), (byte) => byteIds[byte] as number);
    for (let from = 0; from < symbols.length; from += LONGEST_STRETCH) {
      const own = symbols.slice(from, from + LONGEST_STRETCH);
      if (own.length > 1) stretches.push({ count, symbols: own, length: own.length });
    }
  }
  return stretches;
}

/** Two pieces side by side. */
interface Pair {
  readonly left: number;
  readonly right: number;
  /** How often they stand in the text. */
  count: number;
  /** The stretches that they stand in, or stood in. */
  readonly stretches: Stretch[];
}

/** How often each two pieces stand side by side, kept up to date. */
class PairCounts {
  readonly #pairs = new Map<number, Pair>();
  /** With the count that a pair had when it was put there: at least its count now. */
  readonly #heap = new OrderedHeap<{ readonly pair: Pair; readonly count: number }>(
    (a, b) => a.count > b.count || (a.count === b.count && isEarlier(a.pair, b.pair)),
  );

  constructor(stretches: readonly Stretch[]) {
    for (const stretch of stretches) this.#add(stretch, () => true);
    for (const pair of this.#pairs.values()) this.#heap.push({ pair, count: pair.count });
  }

  /** The pair that stands most often, where that is often enough. */
  mostFrequent(minimumCount: number): Pair | undefined {
    for (let entry = this.#heap.pop(); entry; entry = this.#heap.pop()) {
      const { pair, count } = entry;
      if (pair.count === count && count >= minimumCount) return pair;
      if (pair.count >= minimumCount) this.#heap.push({ pair, count: pair.count });
    }
    return undefined;
  }

  /** Makes one piece of the two wherever they stand. */
  merge(pair: Pair, merged: number): void {
    const grown = new Set<Pair>();
    for (const stretch of pair.stretches) {
      if (!holds(stretch, pair)) continue;
      this.#remove(stretch);
      mergeIn(stretch, pair, merged);
      this.#add(stretch, ({ left, right }) => left === merged || right === merged, grown);
    }
    this.#pairs.delete(pairKey(pair.left, pair.right));
    for (const each of grown) this.#heap.push({ pair: each, count: each.count });
  }

  #remove({ symbols, length, count }: Stretch): void {
    for (let place = 0; place + 1 < length; place++) {
      const pair = this.#pairs.get(pairKey(symbols[place] as number, symbols[place + 1] as number));
      if (pair) pair.count -= count;
    }
  }

  /** @param isNew which pairs don't know yet that they stand in it */
  #add(stretch: Stretch, isNew: (pair: Pair) => boolean, grown?: Set<Pair>): void {
    const { symbols, length, count } = stretch;
    for (let place = 0; place + 1 < length; place++) {
      const [left, right] = [symbols[place] as number, symbols[place + 1] as number];
      const key = pairKey(left, right);
      let pair = this.#pairs.get(key);
      if (!pair) {
        pair = { left, right, count: 0, stretches: [] };
        this.#pairs.set(key, pair);
      }
      pair.count += count;
      if (!isNew(pair)) continue;
      if (pair.stretches.at(-1) !== stretch) pair.stretches.push(stretch);
      grown?.add(pair);
    }
  }
}

function isEarlier(a: Pair, b: Pair): boolean {
  return a.left < b.left || (a.left === b.left && a.right < b.right);
}

function holds({ symbols, length }: Stretch, { left, right }: Pair): boolean {
  for (let place = 0; place + 1 < length; place++) if (symbols[place] === left && symbols[place + 1] === right) return true;
  return false;
}

function mergeIn(stretch: Stretch, { left, right }: Pair, merged: number): void {
  const { symbols, length } = stretch;
  let kept = 0;
  for (let place = 0; place < length; place++) {
    const isPair = place + 1 < length && symbols[place] === left && symbols[place + 1] === right;
    symbols[kept++] = isPair ? merged : (symbols[place] as number);
    if (isPair) place++;
  }
  stretch.length = kept;
}
