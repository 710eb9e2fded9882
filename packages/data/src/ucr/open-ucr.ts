import { dataError, show } from "../data-error.js";
import { DataFile } from "../files/data-file.js";
import { lines, MAXIMUM_RECORD_BYTES } from "../files/lines.js";
import { checkCount, checkKnown } from "../options.js";
import { isMissing, parseNumber } from "../records/number.js";
import type { Records, Row, Value } from "../records/records.js";
import { readHeader, type UcrHeader } from "./header.js";

/** How a `.ts` file of the UCR and UEA archives is read. */
export interface UcrOptions {
  /** A longer line is an error, so that memory stays bounded. Default: 2^24 (16.8 MB). */
  maximumRecordBytes?: number;
}

/**
 * Opens a file of labelled sequences in the `.ts` format of the UCR and UEA archives (Löning et al. 2019, sktime): after `@data` one sequence a line, its
 * variables parted by colons, their values by commas, the class last. Lengths may differ from sequence to sequence.
 *
 * The columns are `series`, `[time][variables]` with NaN for a missing value (`?`), and `label`, where the header says that there are labels.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` with file and line for a line that isn't what the header says, and for files with time stamps.
 */
export async function openUcr(path: string, options: UcrOptions = {}): Promise<Records> {
  checkKnown("openUcr", options, ["maximumRecordBytes"]);
  const maximumBytes = checkCount("openUcr", "maximumRecordBytes", options.maximumRecordBytes ?? MAXIMUM_RECORD_BYTES);
  const file = new DataFile(path, "sequences in the .ts format of UCR and UEA");
  const header = await readHeader(path, lines(file, maximumBytes));

  async function* rows(): AsyncGenerator<Row> {
    let isData = false;
    let isEmpty = true;
    let dimensions = header.dimensions;
    for await (const line of lines(file, maximumBytes)) {
      const text = line.text.trim();
      if (!isData) {
        isData = text.toLowerCase() === "@data";
        continue;
      }
      if (text === "" || text.startsWith("#")) continue;
      isEmpty = false;
      const place = `${path}:${line.number}`;
      const parts = text.split(":");
      const label = header.hasLabel ? parts.pop()?.trim() : undefined;
      dimensions ??= parts.length;
      if (parts.length !== dimensions) {
        throw dataError(
          place,
          `has ${parts.length} variables${header.hasLabel ? " before its label" : ""}, expected ${dimensions}; colons part them.`,
        );
      }
      const series = timeMajor(parts, place, header);
      yield { values: header.hasLabel ? [series, checkedLabel(label, place, header)] : [series], place };
    }
    if (isEmpty) throw dataError(path, "has nothing after @data; expected one sequence a line.");
  }

  for await (const _ of rows()) break;
  return { format: "ucr", paths: [path], columns: header.hasLabel ? ["series", "label"] : ["series"], notes: [], rows };
}

/** [variable][time] as it is written → [time][variable]. */
function timeMajor(parts: readonly string[], place: string, header: UcrHeader): Value {
  const variables = parts.map((part, k) => part.split(",").map((cell) => sample(cell, place, k)));
  const length = variables[0]?.length ?? 0;
  const other = variables.findIndex((values) => values.length !== length);
  if (other >= 0) {
    throw dataError(
      place,
      `variable ${other + 1} has ${variables[other]?.length} values, expected ${length} as variable 1 has; write ? for missing ones.`,
    );
  }
  if (header.seriesLength !== undefined && length !== header.seriesLength) {
    throw dataError(place, `has ${length} values a variable, expected ${header.seriesLength} as @seriesLength says.`);
  }
  return Array.from({ length }, (_, step) => variables.map((values) => values[step] ?? Number.NaN));
}

function sample(cell: string, place: string, variable: number): number {
  if (cell.trim() !== "" && isMissing(cell)) return Number.NaN;
  const number = parseNumber(cell);
  if (number !== undefined) return number;
  throw dataError(place, `variable ${variable + 1}: expected a number, or ? for a missing one, received ${show(cell)}.`);
}

function checkedLabel(label: string | undefined, place: string, { labels }: UcrHeader): string {
  if (label === undefined || label === "") throw dataError(place, "has no label; expected one after the last colon.");
  if (labels === undefined || labels.has(label)) return label;
  throw dataError(
    place,
    `unknown label ${show(label)}; expected one of those of @classLabel: ${[...labels].slice(0, 20).join(" ")}.`,
  );
}
