import { type Data, examplesOf } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import type { Batch } from "../../training/batch.js";
import type { BatchMaking } from "../example-batches.js";
import { teacherForced } from "../writing/targets.js";
import type { TextSide } from "../writing/text-side.js";
import { type CaptionerExample, type CaptionerInput, type CaptionerInputName, checkedInput } from "./examples.js";
import type { CaptionerForm, EncodedInput } from "./forms/form.js";

/** An example as numbers. */
export interface EncodedCaption {
  readonly input: EncodedInput;
  /** Of the text, with the index that ends it. */
  readonly target: Int32Array;
}

/** What reads both sides of examples. */
export interface CaptionSides {
  readonly form: CaptionerForm;
  readonly side: TextSide;
}

/** How examples become batches: those of about equally long texts side by side, and among these of about equally wide pictures. */
export function captionBatches({ form, side }: CaptionSides): Omit<BatchMaking<EncodedCaption>, "batchSize"> {
  return {
    lengthOf: ({ input, target }) => target.length + input.width / 65536,
    batchOf: (captions): Batch => ({
      source: form.sourceOf(captions.map(({ input }) => input)),
      ...teacherForced(
        captions.map(({ target }) => target),
        side.end,
      ),
    }),
  };
}

/** An example, checked, and where it stands. */
export interface CheckedExample {
  readonly where: string;
  readonly name: CaptionerInputName;
  readonly input: CaptionerInput;
  readonly text: string;
}

/** Examples, checked, and all about one kind of input: that of `expected`, or of the first. */
export async function* checkedExamples(
  where: string,
  data: Data<CaptionerExample>,
  { epoch = 1, expected }: { readonly epoch?: number; readonly expected?: CaptionerInputName } = {},
): AsyncGenerator<CheckedExample> {
  let index = 0;
  let kind = expected;
  for await (const example of examplesOf(data, epoch)) {
    const at = `${where}: example ${index++}`;
    const { name, input } = checkedInput(at, example);
    kind ??= name;
    if (name !== kind) {
      const before = expected ? "the model reads" : "those before have";
      throw new UnrolledError("UNROLLED_DATA", `${at} has a \`${name}\`, ${before} a \`${kind}\`; give all the same.`);
    }
    yield { where: at, name, input, text: example.text };
  }
}

/** Examples as numbers: an array at once, a function's each time that they are read. */
export async function encodedCaptions(
  where: string,
  data: Data<CaptionerExample>,
  sides: CaptionSides,
): Promise<Data<EncodedCaption>> {
  if (typeof data === "function") return (epoch) => encoded(where, data, sides, epoch);
  const captions: EncodedCaption[] = [];
  for await (const caption of encoded(where, data, sides, 1)) captions.push(caption);
  return captions;
}

async function* encoded(
  where: string,
  data: Data<CaptionerExample>,
  { form, side }: CaptionSides,
  epoch: number,
): AsyncGenerator<EncodedCaption> {
  for await (const { where: at, input, text } of checkedExamples(where, data, { epoch, expected: form.name })) {
    yield { input: form.encode(at, input), target: side.encode(text) };
  }
}
