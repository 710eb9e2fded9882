import { isMissing, parseNumber } from "../records/number.js";
import { isImage, type Records, type Value } from "../records/records.js";
import { isMoment } from "./moment.js";

/**
 * What a column holds: decimal numbers, few values that come up again (a category), text, moments ("2016-07-01 14:00"), lists of words, lists of numbers, pictures;
 * `empty` where no record that was looked at has a value, `other` for records inside records.
 */
export type ColumnKind = "number" | "category" | "text" | "time" | "tokens" | "series" | "image" | "empty" | "other";

/** What the first records say of a column. */
export interface ColumnProfile {
  readonly name: string;
  readonly kind: ColumnKind;
  /** How many different values there are, missing ones left out. */
  readonly distinct: number;
  /** How long its texts are on average, in characters. */
  readonly meanLength: number;
}

/** Records that are looked at. */
const PROFILED_RECORDS = 1000;

/** One word of this length is rather a name than a text. */
const LONGEST_WORD = 40;

/** Looks at the first 1,000 records. */
export async function profileColumns(records: Records): Promise<{ columns: ColumnProfile[]; count: number }> {
  const seen: Value[][] = records.columns.map(() => []);
  let count = 0;
  for await (const { values } of records.rows()) {
    for (const [k, value] of values.entries()) if (!isMissing(value)) seen[k]?.push(summary(value));
    count += 1;
    if (count === PROFILED_RECORDS) break;
  }
  const columns = records.columns.map((name, k) => profileOf(name, seen[k] ?? []));
  return { columns, count };
}

/** Of a picture nothing is kept but that it is one. */
function summary(value: Value): Value {
  return isImage(value) ? { ...value, data: new Float32Array(0) } : value;
}

function profileOf(name: string, values: readonly Value[]): ColumnProfile {
  const texts = values.filter((value) => typeof value === "string");
  const distinct = new Set(values.map((value) => (typeof value === "object" ? JSON.stringify(value) : value))).size;
  const meanLength = texts.reduce((sum, text) => sum + text.length, 0) / Math.max(texts.length, 1);
  return { name, kind: kindOf(values, distinct), distinct, meanLength };
}

function kindOf(values: readonly Value[], distinct: number): ColumnKind {
  if (values.length === 0) return "empty";
  if (values.every(isImage)) return "image";
  if (values.every((value) => Array.isArray(value))) return kindOfLists(values);
  if (values.some((value) => typeof value === "object")) return "other";
  if (values.every((value) => typeof value === "number" || (typeof value === "string" && parseNumber(value) !== undefined))) {
    return "number";
  }
  if (values.every((value) => typeof value === "string" && isMoment(value))) return "time";
  const isWord = values.every((value) => typeof value !== "string" || (value.length <= LONGEST_WORD && !/\s/.test(value.trim())));
  return distinct <= values.length / 2 || (isWord && distinct < values.length) ? "category" : "text";
}

function kindOfLists(lists: readonly (readonly Value[])[]): ColumnKind {
  const items = lists.flatMap((list) => list.slice(0, 10));
  if (items.every((item) => typeof item === "string")) return "tokens";
  return items.every((item) => item === null || typeof item === "number" || Array.isArray(item)) ? "series" : "other";
}
