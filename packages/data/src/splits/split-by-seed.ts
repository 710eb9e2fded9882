import { keyOf } from "./hash.js";
import { checkedEnds, checkedSeed, counts, type Parts, partAt, partReaders, type Reader, type SplitFractions } from "./parts.js";
import { permuted } from "./permutation.js";

/**
 * Splits by chance: the seed and a record's number alone decide its part, so nothing is held but what `learned` gives. Parts have exactly their
 * share, rounded, but for what `learned` moves; the data is read once to count it.
 *
 * @param learned what only training can teach of an example, such as its label: the first example that has it is trained on, whatever
 * chance says
 * @example const { train, validation, test } = await splitBySeed(examples, { train: 0.8, validation: 0.1, test: 0.1 }, 7);
 */
export async function splitBySeed<E>(
  read: Reader<E>,
  fractions: SplitFractions,
  seed: number,
  learned?: (example: E) => readonly string[],
): Promise<Parts<E>> {
  const ends = checkedEnds("splitBySeed", fractions);
  const key = keyOf(checkedSeed("splitBySeed", seed));
  let count = 0;
  for await (const _ of read()) count += 1;
  const cuts = counts(count, ends);
  return partReaders(read, () => {
    let index = 0;
    const known = new Set<string>();
    return (example) => {
      const part = partAt(permuted(index++, count, key), cuts);
      const before = known.size;
      for (const name of learned?.(example) ?? []) known.add(name);
      return known.size > before ? "train" : part;
    };
  });
}
