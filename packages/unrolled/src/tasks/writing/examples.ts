import type { Data } from "../../data/data.js";
import type { Batch } from "../../training/batch.js";
import type { BatchMaking } from "../example-batches.js";
import type { EncodedInput, SourceSide } from "./source-side.js";
import { teacherForced } from "./targets.js";
import type { TextSide } from "./text-side.js";

/** A checked example of any task that writes: a text, what it is written about, and where both stand. */
export interface WriterExample<I> {
  readonly where: string;
  readonly input: I;
  readonly text: string;
}

/** An example as numbers. */
export interface EncodedExample {
  readonly input: EncodedInput;
  /** Of the text, with the index that ends it. */
  readonly target: Int32Array;
}

/** What reads the inputs, and what the texts are made of. */
export interface WriterSides<I> {
  readonly source: SourceSide<I>;
  readonly target: TextSide;
}

/** More than inputs are wide: among texts of one length the input's width decides, never before it. */
const WIDEST = 2 ** 20;

/** How examples become batches: those of about equally long texts side by side, and among these of about equally wide inputs. */
export function writerBatches({ source, target: { end } }: WriterSides<never>): Omit<BatchMaking<EncodedExample>, "batchSize"> {
  return {
    lengthOf: ({ input, target }) => target.length + input.width / WIDEST,
    batchOf: (examples): Batch => ({
      source: source.sourceOf(examples.map(({ input }) => input)),
      ...teacherForced(
        examples.map(({ target }) => target),
        end,
      ),
    }),
  };
}

/**
 * Examples as numbers: an array's at once, a function's each time that they are read.
 *
 * @param checked gives those of an epoch
 */
export async function encodedExamples<E, I>(
  data: Data<E>,
  checked: (epoch: number) => AsyncIterable<WriterExample<I>>,
  { source, target }: WriterSides<I>,
): Promise<Data<EncodedExample>> {
  async function* encoded(epoch: number): AsyncGenerator<EncodedExample> {
    for await (const { where, input, text } of checked(epoch)) {
      yield { input: source.encode(where, input), target: target.encode(text) };
    }
  }
  if (typeof data === "function") return encoded;
  const examples: EncodedExample[] = [];
  for await (const example of encoded(1)) examples.push(example);
  return examples;
}
