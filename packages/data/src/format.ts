import { stat } from "node:fs/promises";
import { dataError } from "./data-error.js";
import { DataFile } from "./files/data-file.js";
import { lines } from "./files/lines.js";
import { systemFailure } from "./files/regular-file.js";
import type { DataFormat } from "./records/records.js";

const FORMATS: Readonly<Record<string, DataFormat>> = {
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  jsonl: "jsonl",
  ndjson: "jsonl",
  parquet: "parquet",
  conll: "conll",
  iob: "conll",
  iob2: "conll",
  bio: "conll",
  conllu: "conllu",
  ts: "ucr",
  txt: "text",
};

/** Lines that are looked at where the name says nothing. */
const LINES = 5;

/**
 * The format of a file by the ending of its name before `.gz`, or else by how it begins; a folder holds pictures.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where there is no such file, or it can't be read as text.
 */
export async function formatOf(path: string): Promise<DataFormat> {
  try {
    if ((await stat(path)).isDirectory()) return "images";
  } catch (error) {
    throw systemFailure(path, error);
  }
  const ending = /\.([^./\\]+)$/.exec(path.toLowerCase().replace(/\.gz$/, ""))?.[1] ?? "";
  if (Object.hasOwn(FORMATS, ending)) return FORMATS[ending] ?? "text";
  if (["png", "jpg", "jpeg"].includes(ending)) {
    throw dataError(path, "is one picture; expected a folder of them, or a table that names them.");
  }
  return byContents(path);
}

async function byContents(path: string): Promise<DataFormat> {
  const file = new DataFile(path, "a table, sentences, sequences or a text");
  for await (const chunk of file.contents()) {
    if (chunk.subarray(0, 4).toString("latin1") === "PAR1") return "parquet";
    if (chunk.length > 0) break;
  }
  const head: string[] = [];
  for await (const { text } of lines(file)) {
    if (text.trim() !== "") head.push(text);
    if (head.length === LINES) break;
  }
  const has = (pattern: RegExp): boolean => head.some((line) => pattern.test(line));
  if (/^\s*[{[]/.test(head[0] ?? "")) return "jsonl";
  if (has(/^@(problemname|timestamps|data)\b/i)) return "ucr";
  if (has(/^\d+\t(?:[^\t]*\t){8}[^\t]*$/)) return "conllu";
  if (has(/^-DOCSTART-/)) return "conll";
  return (
    (["\t", ",", ";"] as const).map((delimiter) => isTable(head, delimiter)).find((format) => format !== undefined) ?? "text"
  );
}

/** Lines that all have as many delimiters, and some, are a table. */
function isTable(head: readonly string[], delimiter: "\t" | "," | ";"): DataFormat | undefined {
  const counts = head.map((line) => line.replaceAll(/"[^"]*"/g, "").split(delimiter).length);
  const isOne = head.length > 1 && (counts[0] ?? 0) > 1 && counts.every((count) => count === counts[0]);
  return isOne ? (delimiter === "\t" ? "tsv" : "csv") : undefined;
}
