import { UnrolledError } from "unrolled";
import { show } from "../data-error.js";

/** Data that is read anew each time. */
export type Reader<E> = () => AsyncIterable<E>;

/** How much of the data each part gets; together 1. */
export interface SplitFractions {
  /** More than 0. */
  train: number;
  /** Default: 0. */
  validation?: number;
  /** Default: 0. */
  test?: number;
}

/** The parts; one that was asked for with 0 has no record. */
export interface Parts<E> {
  /** To learn from. */
  train: Reader<E>;
  /** To choose by. */
  validation: Reader<E>;
  /** To measure on, once. */
  test: Reader<E>;
}

/** The parts in order. */
export const PART_NAMES = ["train", "validation", "test"] as const;

/** The name of a part. */
export type PartName = (typeof PART_NAMES)[number];

/** Where each part ends, as fractions. */
export function checkedEnds(where: string, { train, validation = 0, test = 0, ...others }: SplitFractions): readonly number[] {
  const fractions = [train, validation, test];
  const sum = train + validation + test;
  const fit = fractions.every((fraction) => Number.isFinite(fraction) && fraction >= 0) && train > 0 && Math.abs(sum - 1) < 1e-9;
  if (!fit || Object.keys(others).length > 0) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${where}: expected fractions train, validation and test that add up to 1, with some for train, received ${show({ train, validation, test, ...others })}.`,
    );
  }
  return [train, train + validation, 1];
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for what is no seed. */
export function checkedSeed(where: string, seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new UnrolledError("UNROLLED_VALUE", `${where}: \`seed\` must be a whole number of at least 0, received ${seed}.`);
}

/** The part in which a place between 0 and 1 lies. */
export function partAt(place: number, ends: readonly number[]): PartName {
  const part = ends.findIndex((end) => place < end);
  return PART_NAMES[part < 0 ? ends.length - 1 : part] ?? "test";
}

/** Of `count` records, how many come before the end of each part, rounded. */
export function counts(count: number, ends: readonly number[]): readonly number[] {
  return ends.map((end) => Math.round(end * count));
}

/** Readers that go through all and leave out what is another part's. `sorter` is called once a reading, and what it gives once a record, in order. */
export function partReaders<E>(read: Reader<E>, sorter: () => (example: E) => PartName): Parts<E> {
  const only = (part: PartName): Reader<E> =>
    async function* () {
      const partOf = sorter();
      for await (const example of read()) if (partOf(example) === part) yield example;
    };
  return { train: only("train"), validation: only("validation"), test: only("test") };
}
