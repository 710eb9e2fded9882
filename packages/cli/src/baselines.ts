import { ngramBaseline } from "unrolled/tasks";

/** Beyond this the tables of counts would take gigabytes. */
const MAXIMUM_CHARACTERS = 20_000_000;

const NAMES: ReadonlyMap<number, string> = new Map([
  [2, "bigram"],
  [4, "4-gram"],
  [6, "6-gram"],
]);

/** Losses of the n-gram models that a language model is compared with, by name; `undefined` for a text too long to count. */
export function countBaselines(train: string, validation: string): { name: string; loss: number }[] | undefined {
  if (train.length > MAXIMUM_CHARACTERS) return undefined;
  return ngramBaseline(train, validation, [...NAMES.keys()]).map(({ order, loss }) => ({ name: NAMES.get(order) ?? `${order}-gram`, loss }));
}
