import { UnrolledError } from "unrolled";
import { show } from "../data-error.js";
import { checkedEnds, counts, type Parts, partAt, partReaders, type Reader, type SplitFractions } from "./parts.js";

/** What a split by time looks at. */
export interface TimedRow {
  /** A moment as in ISO 8601, all in one form, or a number. */
  readonly time: string | number;
  /** Which series it belongs to. */
  readonly group?: string;
}

/**
 * Splits by time: the first records of each group are for training, the last for testing. Records have to be in the order of time within their group; the data is read
 * once to count them, and a number a group is held.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` for a record that comes before the one above it.
 */
export async function splitByTime<E extends TimedRow>(read: Reader<E>, fractions: SplitFractions): Promise<Parts<E>> {
  const ends = checkedEnds("splitByTime", fractions);
  const groups = new Map<string | undefined, { count: number; last: string | number }>();
  let index = 0;
  for await (const { time, group } of read()) {
    index += 1;
    const seen = groups.get(group);
    if (seen !== undefined && isBefore(time, seen.last)) {
      throw new UnrolledError(
        "UNROLLED_DATA",
        `record ${index}: ${show(time)} comes after ${show(seen.last)}${group === undefined ? "" : ` in group ${show(group)}`}; to split by time, sort the records by it.`,
      );
    }
    groups.set(group, { count: (seen?.count ?? 0) + 1, last: time });
  }
  const cuts = new Map(Array.from(groups, ([group, { count }]) => [group, counts(count, ends)]));
  return partReaders(read, () => {
    const places = new Map<string | undefined, number>();
    return ({ group }) => {
      const place = places.get(group) ?? 0;
      places.set(group, place + 1);
      return partAt(place, cuts.get(group) ?? []);
    };
  });
}

function isBefore(one: string | number, other: string | number): boolean {
  if (typeof one === "number" && typeof other === "number") return one < other;
  return String(one) < String(other);
}
