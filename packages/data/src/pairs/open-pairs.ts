import { openCsv } from "../csv/open-csv.js";
import { dataError } from "../data-error.js";
import { DataFile } from "../files/data-file.js";
import { lines } from "../files/lines.js";
import { formatOf } from "../format.js";
import { openData } from "../open-data.js";
import { joinRecords } from "../records/join.js";
import type { Records } from "../records/records.js";
import { openParallel } from "./open-parallel.js";

/** Lines of a text that are looked at. */
const LINES = 5;

/**
 * Opens files that hold pairs: tables and JSONL as `openData` does, two plain texts as parallel ones, and plain texts of which each line has tabs, as
 * Tatoeba's collections do, as tables without a header.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where a file can't be read, or is a single text without tabs.
 */
export async function openPairs(paths: readonly string[]): Promise<Records> {
  const kinds: ("table" | "tabs" | "text")[] = [];
  for (const path of paths) kinds.push((await formatOf(path)) !== "text" ? "table" : (await hasTabs(path)) ? "tabs" : "text");
  const [first = "", second = ""] = paths;
  if (kinds.every((kind) => kind === "table")) return await openData(paths);
  if (kinds.every((kind) => kind === "tabs")) {
    const all: Records[] = [];
    for (const path of paths) all.push(await openCsv(path, { delimiter: "\t", quote: false, header: false }));
    const [head, ...rest] = all as [Records, ...Records[]];
    return joinRecords(head, ...rest);
  }
  if (kinds.every((kind) => kind === "text") && paths.length === 2) return await openParallel(first, second);
  throw dataError(
    paths.join(", "),
    "expected pairs: a table or JSONL with two columns, a text with a tab in each line, or two texts whose lines belong together.",
  );
}

async function hasTabs(path: string): Promise<boolean> {
  const head: string[] = [];
  for await (const { text } of lines(new DataFile(path, "a text"))) {
    if (text.trim() !== "") head.push(text);
    if (head.length === LINES) break;
  }
  return head.length > 0 && head.every((line) => line.includes("\t"));
}
