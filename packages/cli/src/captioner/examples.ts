import { existsSync } from "node:fs";
import {
  type CaptionerExample,
  type ColumnChoice,
  captionerExamples,
  captionerInputs,
  openCaptions,
  type Records,
} from "@unrolled/data";
import type { CaptionerInputName } from "unrolled/tasks";
import type { ExampleSource } from "../examples/divided-examples.js";
import type { ModelData } from "../examples/model-data.js";
import type { Host } from "../host.js";

/** How pictures are read. */
export type ImageReading = NonNullable<ModelData["images"]>;

/** A captioner's examples, by the columns that were chosen. `opened` are the records of the first files that are asked for. */
export function captionerSource(
  host: Host,
  columns: ColumnChoice,
  opened: { readonly paths: readonly string[]; readonly records: Records },
  open: (host: Host, paths: readonly string[]) => Promise<Records>,
): ExampleSource<CaptionerExample> {
  const isOfPictures = columns.kinds[columns.input[0] ?? ""] === "image";
  return {
    open: async (paths, known) => {
      const isOpen = paths.join("\n") === opened.paths.join("\n");
      const records = isOpen ? opened.records : await open(host, paths);
      return captionerExamples(records, columns, known?.size ? { labels: known } : {});
    },
    learned: (example) => ("label" in example ? [example.label] : []),
    // of a picture with several texts none is learned that another is measured on
    ...(isOfPictures ? { groupOf: (example) => ("image" in example ? (example.image.path ?? "") : "") } : {}),
  };
}

/**
 * Makes the function that opens what captions are learned from. Where one name is asked for, a folder and a table of elsewhere are
 * `photos,texts.csv`.
 */
export function openedAs(images: ImageReading): (host: Host, paths: readonly string[]) => Promise<Records> {
  return async (host, paths) => {
    const all = paths.flatMap((path) => (existsSync(path) ? [path] : path.split(",")));
    const records = await openCaptions(all, images);
    for (const note of records.notes) host.messages.write(`${note}\n`);
    return records;
  };
}

/** Columns whose texts are what a model reads, whatever a few records look like: labels of digits are labels still. */
export function columnsOf(input: CaptionerInputName, columns: ColumnChoice): ColumnChoice {
  if (input !== "label" && input !== "sentence") return columns;
  const kind = input === "label" ? "category" : "text";
  return { ...columns, kinds: { ...columns.kinds, ...Object.fromEntries(columns.input.map((name) => [name, kind] as const)) } };
}

/** How the pictures of records are read, as the first one shows, and tells so; `undefined` where there are none. */
export async function imageReadingOf(host: Host, records: Records, columns: ColumnChoice): Promise<ImageReading | undefined> {
  if (columns.kinds[columns.input[0] ?? ""] !== "image") return undefined;
  const inputOf = captionerInputs(records, columns);
  for await (const { values, place } of records.rows()) {
    const image = inputOf(values, place);
    if (typeof image === "string" || Array.isArray(image)) break;
    const { height, channels } = image;
    host.messages.write(`Pictures are ${height} pixels high, ${channels === 1 ? "grey" : "in colour"}.\n`);
    return { height, channels };
  }
  return undefined;
}
