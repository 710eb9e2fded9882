import type { ColumnChoice } from "../columns/choose-columns.js";
import { dataError, show } from "../data-error.js";
import { checkKnown } from "../options.js";
import { isMissing, numberOf } from "../records/number.js";
import { type Image, isImage, type Records, type Value } from "../records/records.js";
import { onlyPlaceOf, placeOf } from "./column-place.js";
import { type Grouped, groupsOf } from "./group.js";

/** What a classifier gets: text, numbers, a sequence `[time]` or `[time][features]`, or a record of columns with null where a value is missing. */
export type ClassifierInput = string | number[] | number[][] | Record<string, number | string | null>;

/** What a classifier learns from. */
export interface ClassifierExample extends Grouped {
  /** What is given. */
  input: ClassifierInput;
  /** Several where the file has a list of them. */
  label: string | string[];
}

/** What else is known of the labels. */
export interface ClassifierExamplesOptions {
  /** The labels that a model knows: another one is an error, with file and line. Default: any. */
  labels?: Iterable<string>;
}

/**
 * Records as a classifier's examples, read anew each time. A picture is its numbers in a row, `[height · width · channels]`.
 *
 * @example Classifier.train(classifierExamples(records, await chooseColumns(records, "classifier")))
 * @throws {UnrolledError} `UNROLLED_DATA`, while reading, with file and line for an empty text, a missing or unknown label, what is no
 * number, and a picture of another size than the first.
 */
export function classifierExamples(
  records: Records,
  columns: ColumnChoice,
  options: ClassifierExamplesOptions = {},
): () => AsyncIterable<ClassifierExample> {
  checkKnown("classifierExamples", options, ["labels"]);
  const target = onlyPlaceOf(records, "target", columns.target);
  const groupOf = groupsOf(records, columns);
  const known = options.labels && new Set(options.labels);
  return async function* () {
    const inputOf = classifierInputs(records, columns);
    for await (const { values, place } of records.rows()) {
      const label = labelOf(values[target.place], place, target.column, known);
      yield { input: inputOf(values, place), label, ...groupOf(values, place) };
    }
  };
}

/** Makes the function that takes a classifier's input from a record; it expects of all pictures what the first is like. */
export function classifierInputs(
  records: Records,
  columns: ColumnChoice,
): (values: readonly Value[], place: string) => ClassifierInput {
  const [first] = columns.input;
  if (first !== undefined && columns.input.length === 1 && !["number", "empty"].includes(columns.kinds[first] ?? "")) {
    const at = placeOf(records, first);
    let before: { readonly image: Image; readonly place: string } | undefined;
    return (values, place) => {
      const value = values[at];
      if (isImage(value)) {
        before ??= { image: value, place };
        checkAlike(value, place, before);
      }
      return inputFrom(value, place, first);
    };
  }
  const places = columns.input.map((column) => ({ column, at: placeOf(records, column), kind: columns.kinds[column] }));
  return (values, place) =>
    Object.fromEntries(
      places.map(({ column, at, kind }) => [
        column,
        kind === "number" ? numberOf(values[at], place, column) : categoryOf(values[at], place, column),
      ]),
    );
}

function checkAlike(image: Image, place: string, first: { readonly image: Image; readonly place: string }): void {
  const sizeOf = ({ height, width, channels }: Image) =>
    `${width} × ${height} pixels ${channels === 1 ? "of grey" : "in colour"}`;
  if (sizeOf(image) === sizeOf(first.image)) return;
  throw dataError(
    place,
    `the picture has ${sizeOf(image)}, and that of ${first.place} ${sizeOf(first.image)}; a classifier's must be alike: make all of one size, grey or coloured.`,
  );
}

function inputFrom(value: Value | undefined, place: string, column: string): string | number[] | number[][] {
  if (typeof value === "string" && value.trim() !== "") return value;
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  if (isImage(value)) return [...value.data];
  if (Array.isArray(value) && value.length > 0) return sequenceOf(value, place, column);
  throw dataError(place, `column ${show(column)} is empty; expected the input: fill it, or leave the record out.`);
}

function sequenceOf(items: readonly Value[], place: string, column: string): number[] | number[][] {
  const step = (item: Value | undefined): number =>
    typeof item === "number" && Number.isNaN(item) ? item : (numberOf(item, place, column) ?? Number.NaN);
  if (!items.some((item) => Array.isArray(item))) return items.map(step);
  return items.map((item) => {
    if (Array.isArray(item)) return item.map(step);
    throw dataError(place, `column ${show(column)}: expected a list of numbers for each step, received ${show(item)}.`);
  });
}

function categoryOf(value: Value | undefined, place: string, column: string): string | null {
  if (value === undefined || isMissing(value)) return null;
  if (typeof value !== "object") return String(value);
  throw dataError(place, `column ${show(column)}: expected a category, received ${show(value)}.`);
}

function labelOf(
  value: Value | undefined,
  place: string,
  column: string,
  known: ReadonlySet<string> | undefined,
): string | string[] {
  if (Array.isArray(value)) return value.map((item) => oneLabel(item, place, column, known));
  return oneLabel(value, place, column, known);
}

function oneLabel(value: Value | undefined, place: string, column: string, known: ReadonlySet<string> | undefined): string {
  const label = value === undefined || value === null || typeof value === "object" ? "" : String(value).trim();
  if (label === "")
    throw dataError(
      place,
      `column ${show(column)}: expected a label, received ${show(value)}; fill it, or leave the record out.`,
    );
  if (known === undefined || known.has(label)) return label;
  throw dataError(
    place,
    `column ${show(column)}: unknown label ${show(label)}; expected one of ${[...known].slice(0, 20).map(show).join(", ")}.`,
  );
}
