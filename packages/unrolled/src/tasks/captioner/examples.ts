import { UnrolledError } from "../../errors.js";

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

/**
 * What an example is about, and what kind of input that is.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where it is no example.
 */
export function checkedInput(
  where: string,
  example: CaptionerExample,
): { readonly name: CaptionerInputName; readonly input: CaptionerInput } {
  const given = (typeof example === "object" && example !== null ? example : {}) as Readonly<Record<string, unknown>>;
  const names = INPUT_NAMES.filter((name) => given[name] !== undefined);
  const [name] = names;
  if (!name || names.length > 1) {
    throw new UnrolledError("UNROLLED_DATA", `${where} must be ${FORMS_OF_EXAMPLES}, received ${described(example)}.`);
  }
  const { text } = example;
  if (typeof text !== "string" || text.trim() === "") {
    throw new UnrolledError("UNROLLED_DATA", `${where}: \`text\` must be a text that is not empty, received ${described(text)}.`);
  }
  return { name, input: given[name] as CaptionerInput };
}

/** A value in an error message. */
export function described(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{ ${Object.keys(value).slice(0, 6).join(", ")} }`;
}
