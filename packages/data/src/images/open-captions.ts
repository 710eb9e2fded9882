import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { dataError, show } from "../data-error.js";
import { formatOf } from "../format.js";
import { openData } from "../open-data.js";
import { checkKnown } from "../options.js";
import { joinRecords } from "../records/join.js";
import type { Records } from "../records/records.js";
import { IMAGE_OPTIONS, type ImageOptions, isImageName } from "./image-options.js";
import { openImages } from "./open-images.js";
import { withImages } from "./with-images.js";

/** Records of a table that are looked at. */
const RECORDS = 20;

/**
 * Opens what captions are learned from: a folder of pictures, whose texts stand in a table in it, or are the names of the folders inside; a table that
 * names pictures, whose paths count from the table's folder; a folder and tables, whose paths count from that folder; or tables without pictures.
 *
 * @param paths several of one kind are read one after the other
 * @throws {UnrolledError} `UNROLLED_DATA` where a file can't be read, and for a folder with several tables.
 */
export async function openCaptions(paths: readonly string[], options: ImageOptions = {}): Promise<Records> {
  checkKnown("openCaptions", options, IMAGE_OPTIONS);
  const folders: string[] = [];
  for (const path of paths) if ((await formatOf(path)) === "images") folders.push(path);
  const tables = paths.filter((path) => !folders.includes(path));
  const [folder] = folders;
  if (tables.length > 0 && folders.length > 1) {
    throw dataError(
      folders.join(", "),
      "expected one folder that the tables' paths count from; give one, or each table by itself.",
    );
  }
  const all: Records[] = [];
  for (const path of tables) all.push(await openTable(path, folder ?? dirname(path), options));
  if (tables.length === 0) for (const path of folders) all.push(await openFolder(path, options));
  const [first, ...others] = all;
  if (!first) throw dataError("openCaptions", "expected at least one path, received none.");
  return joinRecords(first, ...others);
}

/** A table, with pictures in the place of their paths where a column has these. */
async function openTable(path: string, folder: string, options: ImageOptions): Promise<Records> {
  const records = await openData(path);
  const column = await imageColumn(records);
  return column === undefined ? records : withImages(records, { ...options, column, folder });
}

async function openFolder(folder: string, options: ImageOptions): Promise<Records> {
  const named: Records[] = [];
  for (const path of await tablesIn(folder)) {
    const table = await openData(path);
    const column = await imageColumn(table);
    if (column !== undefined) named.push(withImages(table, { ...options, column, folder }));
  }
  const [only, ...others] = named;
  if (!only) return await openImages(folder, options);
  if (others.length === 0)
    return { ...only, notes: [...only.notes, `${folder}: its texts are those of ${only.paths.join(", ")}.`] };
  const paths = named.flatMap((records) => records.paths);
  throw dataError(folder, `has several tables that name pictures, ${paths.map(show).join(", ")}; give the one that is meant.`);
}

async function tablesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => !name.startsWith(".") && /\.(csv|tsv|tab|jsonl|ndjson|parquet)(\.gz)?$/i.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** The first column that has names of pictures, and nothing else, in the first records. */
async function imageColumn(records: Records): Promise<string | undefined> {
  const seen = records.columns.map((): boolean[] => []);
  let count = 0;
  for await (const { values } of records.rows()) {
    for (const [k, value] of values.entries()) {
      if (value !== null && value !== "") seen[k]?.push(typeof value === "string" && isImageName(value));
    }
    count += 1;
    if (count === RECORDS) break;
  }
  return records.columns[seen.findIndex((names) => names.length > 0 && names.every((isName) => isName))];
}
