import { dirname } from "node:path";
import { UnrolledError } from "unrolled";
import { type ConllOptions, openConll, openConllu } from "./conll/open-conll.js";
import { type CsvOptions, openCsv } from "./csv/open-csv.js";
import { formatOf } from "./format.js";
import type { ImageOptions } from "./images/image-options.js";
import { openImages } from "./images/open-images.js";
import { withImages } from "./images/with-images.js";
import { type JsonlOptions, openJsonl } from "./jsonl/open-jsonl.js";
import { openParquet, type ParquetOptions } from "./parquet/open-parquet.js";
import { joinRecords } from "./records/join.js";
import type { DataFormat, Records } from "./records/records.js";
import { openLines } from "./text/open-lines.js";
import { openUcr } from "./ucr/open-ucr.js";

/** How files are opened. Options that mean nothing for a format are errors there. */
export interface OpenDataOptions extends CsvOptions, JsonlOptions, ParquetOptions, ConllOptions, ImageOptions {
  /** Default: told by the name's ending, else by how the file begins. */
  format?: DataFormat;
  /** The column of a table that holds paths of pictures, which then stand in its place. */
  imageColumn?: string;
  /** The folder that those paths count from. Default: the table's. */
  imageFolder?: string;
}

/**
 * Opens files of any format that there is a reader for, in `.gz` too; several of one kind are read one after the other.
 *
 * @example
 * const records = await openData("reviews.csv");
 * console.log(records.columns);
 * for await (const { values, place } of records.rows()) console.log(place, values);
 * @throws {UnrolledError} `UNROLLED_DATA` where a file can't be read or isn't what its format says, `UNROLLED_VALUE` for an option
 * that is unknown or means nothing for this format.
 */
export async function openData(paths: string | readonly string[], options: OpenDataOptions = {}): Promise<Records> {
  const [first, ...others] = typeof paths === "string" ? [paths] : paths;
  if (first === undefined) throw new UnrolledError("UNROLLED_VALUE", "openData: expected at least one path, received none.");
  const records = await openOne(first, options);
  const rest: Records[] = [];
  for (const path of others) rest.push(await openOne(path, options));
  return joinRecords(records, ...rest);
}

async function openOne(path: string, options: OpenDataOptions): Promise<Records> {
  const { format = await formatOf(path), imageColumn, imageFolder, ...others } = options;
  if (imageColumn === undefined) {
    if (imageFolder === undefined) return openAs(format, path, others);
    throw new UnrolledError("UNROLLED_VALUE", "openData: `imageFolder` needs `imageColumn`, the column that names the pictures.");
  }
  const { channels, height, maximumPixels, ...tableOptions } = others;
  const table = await openAs(format, path, tableOptions);
  return withImages(table, {
    column: imageColumn,
    folder: imageFolder ?? dirname(path),
    ...(channels && { channels }),
    ...(height !== undefined && { height }),
    ...(maximumPixels !== undefined && { maximumPixels }),
  });
}

/** Every reader refuses options that aren't its own. */
function openAs(format: DataFormat, path: string, options: Omit<OpenDataOptions, "format">): Promise<Records> {
  switch (format) {
    case "csv":
      return openCsv(path, options);
    case "tsv":
      return openCsv(path, { delimiter: "\t", ...options });
    case "jsonl":
      return openJsonl(path, options);
    case "parquet":
      return openParquet(path, options);
    case "conll":
      return openConll(path, options);
    case "conllu":
      return openConllu(path, options);
    case "ucr":
      return openUcr(path, options);
    case "text":
      return openLines(path, options);
    case "images":
      return openImages(path, options);
    default:
      throw new UnrolledError("UNROLLED_VALUE", `openData: there is no format ${JSON.stringify(format satisfies never)}.`);
  }
}
