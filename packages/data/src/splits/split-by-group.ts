import { keyOf, textHash } from "./hash.js";
import {
  checkedEnds,
  checkedSeed,
  counts,
  type PartName,
  type Parts,
  partAt,
  partReaders,
  type Reader,
  type SplitFractions,
} from "./parts.js";

/** Up to so many groups are held, and share out exactly. */
const MOST_HELD = 10_000;

/**
 * Splits so that what belongs together stays together: all of one speaker, or of one text that comes up again. Of up to 10,000 groups each part has its
 * share of them, rounded (one at least), but for what `learned` moves; of more, the seed and the group alone decide the part, and shares are what chance makes of them. The
 * data is read once to see its groups.
 *
 * @param learned what only training can teach of an example, such as its label: the group of the first example that has it is trained on,
 * whatever chance says
 * @example await splitByGroup(examples, ({ group }) => String(group), { train: 0.9, test: 0.1 }, 7)
 */
export async function splitByGroup<E>(
  read: Reader<E>,
  groupOf: (example: E) => string,
  fractions: SplitFractions,
  seed: number,
  learned?: (example: E) => readonly string[],
): Promise<Parts<E>> {
  const ends = checkedEnds("splitByGroup", fractions);
  const key = keyOf(checkedSeed("splitByGroup", seed));
  const groups = new Set<string>();
  const known = new Set<string>();
  const trained = new Set<string>();
  for await (const example of read()) {
    const group = groupOf(example);
    if (groups.size <= MOST_HELD) groups.add(group);
    const before = known.size;
    for (const name of learned?.(example) ?? []) known.add(name);
    if (known.size > before) trained.add(group);
  }
  const byChance =
    groups.size > MOST_HELD ? (group: string) => partAt(textHash(group, key) / 2 ** 32, ends) : sharedOut(groups, key, ends);
  return partReaders(read, () => (example) => {
    const group = groupOf(example);
    return trained.has(group) ? "train" : byChance(group);
  });
}

/** How many groups each part gets: one at least that is to have any, at the cost of the largest. */
function sharesOf(count: number, ends: readonly number[]): readonly number[] {
  const cuts = counts(count, ends);
  const sizes = cuts.map((cut, part) => cut - (cuts[part - 1] ?? 0));
  for (const [part, end] of ends.entries()) {
    const largest = sizes.indexOf(Math.max(...sizes));
    // fractions add up to 1 but for rounding
    const isWanted = end - (ends[part - 1] ?? 0) > 1e-9;
    if (!isWanted || sizes[part] !== 0 || (sizes[largest] ?? 0) < 2) continue;
    sizes[part] = 1;
    sizes[largest] = (sizes[largest] ?? 0) - 1;
  }
  return sizes;
}

/** The part of each group: all in an order that chance makes, cut where the parts end. */
function sharedOut(groups: ReadonlySet<string>, key: number, ends: readonly number[]): (group: string) => PartName {
  const sizes = sharesOf(groups.size, ends);
  const cuts = sizes.map((_, part) => sizes.slice(0, part + 1).reduce((sum, size) => sum + size, 0));
  const ordered = Array.from(groups, (group): [string, number] => [group, textHash(group, key)]).sort(
    ([one, first], [other, second]) => first - second || (one < other ? -1 : 1),
  );
  const parts = new Map(ordered.map(([group], place) => [group, partAt(place, cuts)]));
  return (group) => parts.get(group) ?? "train";
}
