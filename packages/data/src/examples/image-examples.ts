import type { ColumnChoice } from "../columns/choose-columns.js";
import { isImage } from "../columns/profile.js";
import { dataError, show } from "../data-error.js";
import type { Image, Records } from "../records/records.js";
import { onlyPlaceOf } from "./column-place.js";

/** A picture with its label or caption. */
export interface ImageExample {
  /** The picture. */
  image: Image;
  /** Its label, or its caption. */
  label: string;
}

/**
 * Records as pictures with labels or captions, read anew each time.
 *
 * @throws {UnrolledError} `UNROLLED_DATA`, while reading, with the picture's path, or file and line, where there is no picture or no label.
 */
export function imageExamples(records: Records, columns: ColumnChoice): () => AsyncIterable<ImageExample> {
  const input = onlyPlaceOf(records, "input", columns.input);
  const target = onlyPlaceOf(records, "target", columns.target);
  return async function* () {
    for await (const { values, place } of records.rows()) {
      const image = values[input.place];
      const label = values[target.place];
      if (!isImage(image))
        throw dataError(
          place,
          `column ${show(input.column)}: expected a picture, received ${show(image)}; openData takes the column of their paths as \`imageColumn\`.`,
        );
      if (typeof label !== "string" || label.trim() === "") {
        throw dataError(
          place,
          `column ${show(target.column)}: expected a label, received ${show(label)}; put each picture in a folder with its label's name.`,
        );
      }
      yield { image, label };
    }
  };
}
