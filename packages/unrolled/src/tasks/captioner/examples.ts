import { type Data, examplesOf } from "../../data/data.js";
import { described } from "../../described.js";
import { UnrolledError } from "../../errors.js";
import { checkText } from "../writing/check-text.js";
import type { WriterExample } from "../writing/examples.js";

/** A picture, as numbers. */
export interface CaptionerImage {
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** 1 for grey, 3 for red, green, blue. Default: 1. */
  readonly channels?: number;
  /** `[height, width, channels]`, row-major, such as brightness from 0 to 1. */
  readonly data: ArrayLike<number>;
}

/** What texts are written about: pictures, vectors of numbers, labels or sentences; a captioner knows one kind. */
export type CaptionerInput = CaptionerImage | ArrayLike<number> | string;

/** A picture, a vector, a label or a sentence, and the text that is written about it. */
export type CaptionerExample =
  | {
      /** A picture. All have one height and as many channels. */
      readonly image: CaptionerImage;
      /** What is written about it. */
      readonly text: string;
    }
  | {
      /** Numbers, as many in each example. */
      readonly vector: ArrayLike<number>;
      /** What is written about them. */
      readonly text: string;
    }
  | {
      /** One of some labels. */
      readonly label: string;
      /** What is written about it. */
      readonly text: string;
    }
  | {
      /** Any text. `Translator` is the task for pairs of texts; this is the same by the way of pictures. */
      readonly sentence: string;
      /** What is written about it. */
      readonly text: string;
    };

/** What examples look like, in words. */
export const FORMS_OF_EXAMPLES = "{ image, text }, { vector, text }, { label, text } or { sentence, text }";

/** What kind of input a captioner reads. */
export type CaptionerInputName = "image" | "vector" | "label" | "sentence";
export const INPUT_NAMES: readonly CaptionerInputName[] = ["image", "vector", "label", "sentence"];

/** An example, checked, and what kind of input it has. */
export interface CheckedExample extends WriterExample<CaptionerInput> {
  readonly name: CaptionerInputName;
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
    const checked = checkedExample(`${where}: example ${index++}`, example);
    kind ??= checked.name;
    if (checked.name !== kind) {
      const before = expected ? "the model reads" : "those before have";
      throw new UnrolledError(
        "UNROLLED_DATA",
        `${checked.where} has a \`${checked.name}\`, ${before} a \`${kind}\`; give all the same.`,
      );
    }
    yield checked;
  }
}

/** @throws {UnrolledError} `UNROLLED_DATA` where it is no example. */
function checkedExample(where: string, example: CaptionerExample): CheckedExample {
  const given = (typeof example === "object" && example !== null ? example : {}) as Readonly<Record<string, unknown>>;
  const names = INPUT_NAMES.filter((name) => given[name] !== undefined);
  const [name] = names;
  if (!name || names.length > 1) {
    throw new UnrolledError("UNROLLED_DATA", `${where} must be ${FORMS_OF_EXAMPLES}, received ${described(example)}.`);
  }
  checkText(`${where}: \`text\``, example.text);
  return { where, name, input: given[name] as CaptionerInput, text: example.text };
}
