import type { ColumnChoice } from "../columns/choose-columns.js";
import { dataError, show } from "../data-error.js";
import type { Records, Value } from "../records/records.js";
import { onlyPlaceOf } from "./column-place.js";

/** What a translator learns from. */
export interface TranslatorExample {
  /** What is read. */
  source: string;
  /** What it becomes. */
  target: string;
}

/**
 * Records as a translator's examples, read anew each time.
 *
 * @example Translator.train(translatorExamples(records, await chooseColumns(records, "translator")))
 * @throws {UnrolledError} `UNROLLED_DATA`, while reading, with file and line for what is no text, or an empty one.
 */
export function translatorExamples(records: Records, columns: ColumnChoice): () => AsyncIterable<TranslatorExample> {
  const sourceOf = translatorInputs(records, columns);
  const target = onlyPlaceOf(records, "target", columns.target);
  return async function* () {
    for await (const { values, place } of records.rows()) {
      yield { source: sourceOf(values, place), target: textOf(values[target.place], place, target.column) };
    }
  };
}

/** Makes the function that takes what a translator reads from a record. */
export function translatorInputs(records: Records, columns: ColumnChoice): (values: readonly Value[], place: string) => string {
  const input = onlyPlaceOf(records, "input", columns.input);
  return (values, place) => textOf(values[input.place], place, input.column);
}

function textOf(value: Value | undefined, place: string, column: string): string {
  const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  if (typeof text === "string" && text.trim() !== "") return text.trim();
  throw dataError(place, `column ${show(column)}: expected a text, received ${show(value)}; fill it, or leave the record out.`);
}
