import { ngramBaseline, type Vocabulary } from "unrolled/tasks";

/** Beyond this the tables of counts would take gigabytes. */
const MAXIMUM_CHARACTERS = 20_000_000;

/** More than a few words or pieces hardly ever stand together twice. */
const ORDERS = { char: [2, 4, 6], word: [1, 2, 3], piece: [1, 2, 3] } as const;
const NAMES: ReadonlyMap<number, string> = new Map([
  [1, "unigram"],
  [2, "bigram"],
  [3, "trigram"],
]);

/**
 * Losses of the n-gram models that a language model is compared with, by name: counted on the same split and over the same
 * tokens. `undefined` for a text too long to count.
 */
export function countBaselines(
  vocabulary: Vocabulary,
  { train, validation }: { readonly train: string; readonly validation: string },
): { name: string; loss: number }[] | undefined {
  if (train.length > MAXIMUM_CHARACTERS) return undefined;
  const [trainIds, validationIds] = [vocabulary.encode(train), vocabulary.encode(validation)];
  const results = ngramBaseline(trainIds, validationIds, vocabulary.size, ORDERS[vocabulary.tokens]);
  return results.map(({ order, loss }) => ({ name: NAMES.get(order) ?? `${order}-gram`, loss }));
}
