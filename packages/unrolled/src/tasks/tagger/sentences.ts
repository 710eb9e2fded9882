import { type Data, examplesOf } from "../../data/data.js";
import type { BatchMaking } from "../example-batches.js";
import { checkExample, type TaggerExample } from "./examples.js";
import { batchOf, type EncodedSentence, type Lexicon } from "./lexicon.js";

/** How sentences become batches. */
export const sentenceBatches: Omit<BatchMaking<EncodedSentence>, "batchSize"> = { lengthOf: ({ length }) => length, batchOf };

/** Sentences of a batch where they are read without training. */
export const READING_BATCH = 64;

/** Examples, checked. */
export async function* checkedExamples(where: string, data: Data<TaggerExample>, epoch = 1): AsyncGenerator<TaggerExample> {
  let index = 0;
  for await (const example of examplesOf(data, epoch)) {
    checkExample(where, example, index++);
    yield example;
  }
}

/** Examples as indices: an array at once, a function's each time that they are read. */
export async function encodedData(where: string, data: Data<TaggerExample>, lexicon: Lexicon): Promise<Data<EncodedSentence>> {
  if (typeof data === "function") return (epoch) => encoded(where, data, lexicon, epoch);
  const sentences: EncodedSentence[] = [];
  for await (const sentence of encoded(where, data, lexicon, 1)) sentences.push(sentence);
  return sentences;
}

async function* encoded(
  where: string,
  data: Data<TaggerExample>,
  lexicon: Lexicon,
  epoch: number,
): AsyncGenerator<EncodedSentence> {
  let index = 0;
  for await (const example of checkedExamples(where, data, epoch)) yield lexicon.encode(`${where}: example ${index++}`, example);
}
