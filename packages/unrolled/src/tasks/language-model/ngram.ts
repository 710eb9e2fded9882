import { UnrolledError } from "../../errors.js";

/** How well an n-gram model of one order predicts a validation text. */
export interface NgramBaseline {
  /** Length of the counted sequences: 2 is a bigram model, which sees one symbol of context. */
  readonly order: number;
  /** Mean negative log likelihood of a validation symbol, in nats. */
  readonly loss: number;
}

/**
 * What n-gram models make of a text: the naive baseline that a recurrent language model has to beat.
 *
 *   P(c | ctx) = (count(ctx, c) + T(ctx) · P(c | ctx without its first symbol)) / (count(ctx) + T(ctx))
 *
 * with T(ctx) the number of distinct symbols seen after ctx; the recursion ends in the uniform distribution 1/V, and an unseen
 * context leaves the shorter one's answer as it is. This is interpolated Witten-Bell smoothing (Witten & Bell 1991, method C, in
 * the interpolated form of Chen & Goodman 1998). All orders are counted in one pass, in memory proportional to the number of
 * distinct sequences. The first symbols of the validation text are predicted from the context that the validation text itself
 * has given so far.
 *
 * @param trainIds symbols to count, each a whole number in [0, vocabularySize)
 * @param validationIds symbols to predict, at least one
 * @param orders whole numbers of at least 1, in any order; the result follows it
 * @throws UnrolledError `UNROLLED_VALUE` for an order or a vocabulary size below 1, `UNROLLED_DATA` for an empty validation text,
 *   `UNROLLED_INDEX` for a symbol outside the vocabulary
 */
export function ngramBaseline(
  trainIds: ArrayLike<number>,
  validationIds: ArrayLike<number>,
  vocabularySize: number,
  orders: readonly number[],
): NgramBaseline[] {
  if (!Number.isSafeInteger(vocabularySize) || vocabularySize < 1) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `ngramBaseline: \`vocabularySize\` must be a whole number of at least 1, received ${vocabularySize}.`,
    );
  }
  for (const order of orders) {
    if (!Number.isSafeInteger(order) || order < 1) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `ngramBaseline: \`orders\` must hold whole numbers of at least 1, received ${order}.`,
      );
    }
  }
  if (validationIds.length === 0) {
    throw new UnrolledError("UNROLLED_DATA", "ngramBaseline: `validationIds` is empty; give at least one symbol to predict.");
  }
  checkIds("trainIds", trainIds, vocabularySize);
  checkIds("validationIds", validationIds, vocabularySize);

  const longest = Math.max(0, ...orders);
  const losses = meanLosses(countSequences(trainIds, longest), validationIds, vocabularySize, longest);
  return orders.map((order) => ({ order, loss: losses[order - 1] ?? Number.NaN }));
}

function checkIds(name: string, ids: ArrayLike<number>, vocabularySize: number): void {
  for (let position = 0; position < ids.length; position += 1) {
    const id = ids[position] ?? Number.NaN;
    if (!(Number.isInteger(id) && id >= 0 && id < vocabularySize)) {
      throw new UnrolledError(
        "UNROLLED_INDEX",
        `ngramBaseline: \`${name}\` must hold whole numbers from 0 to ${vocabularySize - 1}, received ${id} at position ${position}.`,
      );
    }
  }
}

/** Counts every sequence of up to `longest` symbols. `contexts[k]` is the node of the last k symbols read. */
function countSequences(ids: ArrayLike<number>, longest: number): SequenceTrie {
  const trie = new SequenceTrie();
  const contexts = new Int32Array(longest + 1).fill(ABSENT);
  contexts[0] = ROOT;
  for (let position = 0; position < ids.length; position += 1) {
    const symbol = ids[position] ?? 0;
    for (let k = longest - 1; k >= 0; k -= 1) {
      const context = contexts[k] ?? ABSENT;
      if (context !== ABSENT) contexts[k + 1] = trie.count(context, symbol);
    }
  }
  return trie;
}

/** Mean loss of the orders 1 to `longest`; entry n - 1 belongs to order n. */
function meanLosses(trie: SequenceTrie, ids: ArrayLike<number>, vocabularySize: number, longest: number): Float64Array {
  const losses = new Float64Array(longest);
  let contexts = new Int32Array(longest + 1).fill(ABSENT);
  let next = new Int32Array(longest + 1).fill(ABSENT);
  contexts[0] = ROOT;
  next[0] = ROOT;
  for (let position = 0; position < ids.length; position += 1) {
    const symbol = ids[position] ?? 0;
    let probability = 1 / vocabularySize;
    for (let k = 0; k < longest; k += 1) {
      const context = contexts[k] ?? ABSENT;
      const sequence = context === ABSENT ? ABSENT : trie.find(context, symbol);
      next[k + 1] = sequence;
      const followed = context === ABSENT ? 0 : trie.timesFollowed(context);
      if (followed > 0) {
        const distinct = trie.distinctFollowers(context);
        const seen = sequence === ABSENT ? 0 : trie.timesSeen(sequence);
        probability = (seen + distinct * probability) / (followed + distinct);
      }
      losses[k] = (losses[k] ?? 0) - Math.log(probability);
    }
    [contexts, next] = [next, contexts];
  }
  return losses.map((loss) => loss / ids.length);
}

const ROOT = 0;
const ABSENT = -1;

/**
 * Counts of sequences as a tree: a node is a sequence, its parent the same sequence without the last symbol. Nodes are numbers and
 * their fields parallel arrays; the edges (parent, symbol) → node live in one open-addressed hash table.
 */
class SequenceTrie {
  #size = 1;
  #parent = new Int32Array(1024);
  #symbol = new Int32Array(1024);
  #seen = new Uint32Array(1024);
  #followed = new Uint32Array(1024);
  #distinct = new Uint32Array(1024);
  /** Node + 1 of each edge, 0 where free; always at most half full. */
  #slots = new Int32Array(2048);

  /** Counts `symbol` after `context`; returns the node of the longer sequence. */
  count(context: number, symbol: number): number {
    let slot = this.#slotOf(context, symbol);
    let node = (this.#slots[slot] ?? 0) - 1;
    if (node === ABSENT) {
      if (this.#size === this.#parent.length) {
        this.#grow();
        slot = this.#slotOf(context, symbol);
      }
      node = this.#size;
      this.#size += 1;
      this.#parent[node] = context;
      this.#symbol[node] = symbol;
      this.#slots[slot] = node + 1;
      this.#distinct[context] = (this.#distinct[context] ?? 0) + 1;
    }
    this.#seen[node] = (this.#seen[node] ?? 0) + 1;
    this.#followed[context] = (this.#followed[context] ?? 0) + 1;
    return node;
  }

  /** The node of `context` followed by `symbol`, or `ABSENT`. */
  find(context: number, symbol: number): number {
    return (this.#slots[this.#slotOf(context, symbol)] ?? 0) - 1;
  }

  timesSeen(node: number): number {
    return this.#seen[node] ?? 0;
  }

  timesFollowed(node: number): number {
    return this.#followed[node] ?? 0;
  }

  distinctFollowers(node: number): number {
    return this.#distinct[node] ?? 0;
  }

  /** The slot that holds the edge, or the free one where it belongs (linear probing). */
  #slotOf(context: number, symbol: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hash = Math.imul(context, 0x9e3779b1) ^ Math.imul(symbol + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (let node = slots[slot] ?? 0; node !== 0; node = slots[slot] ?? 0) {
      if (this.#parent[node - 1] === context && this.#symbol[node - 1] === symbol) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const capacity = this.#parent.length * 2;
    this.#parent = enlarged(this.#parent, new Int32Array(capacity));
    this.#symbol = enlarged(this.#symbol, new Int32Array(capacity));
    this.#seen = enlarged(this.#seen, new Uint32Array(capacity));
    this.#followed = enlarged(this.#followed, new Uint32Array(capacity));
    this.#distinct = enlarged(this.#distinct, new Uint32Array(capacity));
    this.#slots = new Int32Array(capacity * 2);
    for (let node = 1; node < this.#size; node += 1) {
      this.#slots[this.#slotOf(this.#parent[node] ?? 0, this.#symbol[node] ?? 0)] = node + 1;
    }
  }
}

function enlarged<A extends Int32Array | Uint32Array>(values: A, larger: A): A {
  larger.set(values);
  return larger;
}
