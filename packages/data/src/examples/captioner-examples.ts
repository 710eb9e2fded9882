import type { UnrolledError } from "unrolled";
import type { ColumnChoice } from "../columns/choose-columns.js";
import { dataError, show } from "../data-error.js";
import { checkKnown } from "../options.js";
import { isMissing, numberOf } from "../records/number.js";
import { type Image, isImage, type Records, type Value } from "../records/records.js";
import { onlyPlaceOf, placeOf } from "./column-place.js";

/** Labels that an error message lists. */
const LISTED = 20;

/** What a captioner writes about: a picture, a vector of numbers, a label or a sentence. */
export type CaptionerInput = Image | number[] | string;

/** What a captioner learns from. */
export type CaptionerExample =
  | {
      /** A picture. */
      image: Image;
      /** What is written about it. */
      text: string;
    }
  | {
      /** Numbers, as many in each. */
      vector: number[];
      /** What is written about them. */
      text: string;
    }
  | {
      /** One of some labels. */
      label: string;
      /** What is written about it. */
      text: string;
    }
  | {
      /** Any text. */
      sentence: string;
      /** What is written about it. */
      text: string;
    };

/** What else is known of the labels. */
export interface CaptionerExamplesOptions {
  /** The labels that a model knows: another one is an error, with file and line. Default: any. */
  labels?: Iterable<string>;
}

/**
 * Records as a captioner's examples, read anew each time: a column of pictures, one of lists of numbers or several of numbers, one of labels or one of sentences.
 *
 * @example Captioner.train(captionerExamples(records, await chooseColumns(records, "captioner")))
 * @throws {UnrolledError} `UNROLLED_DATA`, while reading, with the picture's path, or file and line, for what is no such input, pictures of
 * different heights, an unknown label, and a text that is empty or none.
 */
export function captionerExamples(
  records: Records,
  columns: ColumnChoice,
  options: CaptionerExamplesOptions = {},
): () => AsyncIterable<CaptionerExample> {
  checkKnown("captionerExamples", options, ["labels"]);
  const known = options.labels && new Set(options.labels);
  const target = onlyPlaceOf(records, "target", columns.target);
  const isSentence = columns.kinds[columns.input[0] ?? ""] === "text";
  return async function* () {
    const inputOf = captionerInputs(records, columns);
    for await (const { values, place } of records.rows()) {
      const input = inputOf(values, place);
      const text = textOf(values[target.place], place, target.column);
      if (typeof input === "string") {
        if (!isSentence && known?.has(input) === false) throw unknownLabel(input, place, known);
        yield isSentence ? { sentence: input, text } : { label: input, text };
      } else yield Array.isArray(input) ? { vector: input, text } : { image: input, text };
    }
  };
}

/** Makes the function that takes a captioner's input from a record; it expects of all what the first is like. */
export function captionerInputs(
  records: Records,
  columns: ColumnChoice,
): (values: readonly Value[], place: string) => CaptionerInput {
  const kinds = columns.input.map((column) => columns.kinds[column]);
  if (kinds.length > 1 || kinds[0] === "number") {
    const places = columns.input.map((column) => ({ column, at: placeOf(records, column) }));
    return (values, place) => places.map(({ column, at }) => presentNumber(values[at], place, column));
  }
  const { place: at, column } = onlyPlaceOf(records, "input", columns.input);
  if (kinds[0] === "image") {
    let first: { readonly image: Image; readonly place: string } | undefined;
    return (values, place) => {
      const image = imageOf(values[at], place, column);
      first ??= { image, place };
      checkAlike(image, place, first);
      return image;
    };
  }
  if (kinds[0] === "text") return (values, place) => textOf(values[at], place, column);
  if (kinds[0] !== "series") return (values, place) => labelOf(values[at], place, column);
  let length: number | undefined;
  return (values, place) => {
    const vector = vectorOf(values[at], place, column);
    length ??= vector.length;
    if (vector.length === length) return vector;
    throw dataError(
      place,
      `column ${show(column)}: expected ${length} numbers, as in the first record, received ${vector.length}.`,
    );
  };
}

function unknownLabel(label: string, place: string, known: ReadonlySet<string>): UnrolledError {
  const some = [...known].slice(0, LISTED).map(show).join(", ");
  return dataError(place, `unknown label ${show(label)}; expected one of ${some}${known.size > LISTED ? ", …" : ""}.`);
}

function imageOf(value: Value | undefined, place: string, column: string): Image {
  if (isImage(value)) return value;
  throw dataError(
    place,
    `column ${show(column)}: expected a picture, received ${show(value)}; openCaptions puts pictures in the place of their paths.`,
  );
}

/** Widths may differ. */
function checkAlike(image: Image, place: string, first: { readonly image: Image; readonly place: string }): void {
  if (image.height !== first.image.height) {
    throw dataError(
      place,
      `the picture is ${image.height} pixels high, and that of ${first.place} ${first.image.height}; all must be of one height: scale them (--image-height, or the option "height").`,
    );
  }
  if (image.channels === first.image.channels) return;
  const colour = ({ channels }: Image): string => (channels === 1 ? "grey" : "in colour");
  throw dataError(
    place,
    `the picture is ${colour(image)}, and that of ${first.place} ${colour(first.image)}; make all grey or all coloured (--grey or --colour, or the option "channels").`,
  );
}

function vectorOf(value: Value | undefined, place: string, column: string): number[] {
  if (Array.isArray(value) && value.length > 0) return value.map((item) => presentNumber(item, place, column));
  throw dataError(place, `column ${show(column)}: expected a list of numbers, received ${show(value)}.`);
}

function presentNumber(value: Value | undefined, place: string, column: string): number {
  const number = numberOf(value, place, column);
  if (number !== null) return number;
  throw dataError(
    place,
    `column ${show(column)}: expected a number, received ${show(value)}; a captioner knows no missing values: fill it, or leave the record out.`,
  );
}

function labelOf(value: Value | undefined, place: string, column: string): string {
  if (!isMissing(value) && typeof value !== "object" && String(value).trim() !== "") return String(value).trim();
  throw dataError(place, `column ${show(column)}: expected a label, received ${show(value)}; fill it, or leave the record out.`);
}

function textOf(value: Value | undefined, place: string, column: string): string {
  const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  if (typeof text === "string" && text.trim() !== "") return text.trim();
  throw dataError(place, `column ${show(column)}: expected a text, received ${show(value)}; fill it, or leave the record out.`);
}
