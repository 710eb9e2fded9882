import { isAbsolute, join } from "node:path";
import { dataError, show } from "../data-error.js";
import { checkKnown } from "../options.js";
import type { Records, Row } from "../records/records.js";
import { IMAGE_OPTIONS, type ImageOptions, imageFile, imageReader } from "./image-options.js";

/** Which column names pictures, and how these are read. */
export interface WithImagesOptions extends ImageOptions {
  /** The column that holds a path in each record. */
  column: string;
  /** The folder that the paths count from. */
  folder: string;
}

/**
 * A table that names pictures, with the pictures in place of their names: labels, or captions, by table. Each is read when its record is.
 *
 * @example withImages(await openCsv("photos/captions.csv"), { column: "file", folder: "photos" })
 * @throws {UnrolledError} `UNROLLED_DATA`, while reading, with the record's file and line for a picture that isn't there or can't be decoded.
 */
export function withImages(records: Records, options: WithImagesOptions): Records {
  checkKnown("withImages", options, ["column", "folder", ...IMAGE_OPTIONS]);
  const readImage = imageReader("withImages", options);
  const column = records.columns.indexOf(options.column);
  if (column < 0) {
    throw dataError(
      records.paths.join(", "),
      `has no column ${show(options.column)}; its columns are ${records.columns.map(show).join(", ")}.`,
    );
  }

  async function* rows(): AsyncGenerator<Row> {
    for await (const { values, place } of records.rows()) {
      const name = values[column];
      if (typeof name !== "string" || name === "") {
        throw dataError(place, `column ${show(options.column)}: expected a picture's path, received ${show(name)}.`);
      }
      try {
        const image = await readImage(imageFile(isAbsolute(name) ? name : join(options.folder, name)));
        yield { values: values.with(column, image), place };
      } catch (error) {
        throw dataError(place, error instanceof Error ? error.message : String(error), error);
      }
    }
  }
  return { ...records, rows };
}
