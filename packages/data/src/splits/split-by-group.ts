import { keyOf, textHash } from "./hash.js";
import { checkedEnds, checkedSeed, type Parts, partAt, partReaders, type Reader, type SplitFractions } from "./parts.js";

/**
 * Splits so that what belongs together stays together: all of one speaker, or of one text that comes up again. The seed and the group alone decide
 * the part, so nothing is held, and shares are what chance makes of them.
 *
 * @example splitByGroup(examples, ({ input }) => String(input), { train: 0.9, test: 0.1 }, 7)
 */
export function splitByGroup<E>(
  read: Reader<E>,
  groupOf: (example: E) => string,
  fractions: SplitFractions,
  seed: number,
): Parts<E> {
  const ends = checkedEnds("splitByGroup", fractions);
  const key = keyOf(checkedSeed("splitByGroup", seed));
  return partReaders(read, () => (example) => partAt(textHash(groupOf(example), key) / 2 ** 32, ends));
}
