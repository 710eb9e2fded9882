import { type Data, examplesOf } from "../../data/data.js";
import { paddedIndices } from "../../data/padding.js";
import type { Batch } from "../../training/batch.js";
import type { BatchMaking } from "../example-batches.js";
import { teacherForced } from "../writing/targets.js";
import type { TextSide } from "../writing/text-side.js";
import { checkExample, type TranslatorExample } from "./examples.js";

/** A pair as indices, each side with the index that ends it. */
export interface EncodedPair {
  readonly source: Int32Array;
  readonly target: Int32Array;
}

/** Both sides of a translator. */
export interface Sides {
  readonly source: TextSide;
  readonly target: TextSide;
}

/** How pairs become batches: those of about equally long targets side by side, and among these of about equally long sources. */
export function pairBatches({ target }: Sides): Omit<BatchMaking<EncodedPair>, "batchSize"> {
  return {
    lengthOf: (pair) => pair.target.length + pair.source.length / 1024,
    batchOf: (pairs): Batch => ({
      source: paddedIndices(pairs.map(({ source }) => source)),
      ...teacherForced(
        pairs.map((pair) => pair.target),
        target.end,
      ),
    }),
  };
}

/** Examples, checked. */
export async function* checkedExamples(
  where: string,
  data: Data<TranslatorExample>,
  epoch = 1,
): AsyncGenerator<TranslatorExample> {
  let index = 0;
  for await (const example of examplesOf(data, epoch)) {
    checkExample(where, example, index++);
    yield example;
  }
}

/** Examples as indices: an array at once, a function's each time that they are read. */
export async function encodedPairs(where: string, data: Data<TranslatorExample>, sides: Sides): Promise<Data<EncodedPair>> {
  if (typeof data === "function") return (epoch) => encoded(where, data, sides, epoch);
  const pairs: EncodedPair[] = [];
  for await (const pair of encoded(where, data, sides, 1)) pairs.push(pair);
  return pairs;
}

async function* encoded(
  where: string,
  data: Data<TranslatorExample>,
  { source, target }: Sides,
  epoch: number,
): AsyncGenerator<EncodedPair> {
  for await (const pair of checkedExamples(where, data, epoch)) {
    yield { source: source.encode(pair.source), target: target.encode(pair.target) };
  }
}
