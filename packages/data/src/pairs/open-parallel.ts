import { dataError } from "../data-error.js";
import { DataFile } from "../files/data-file.js";
import { lines, MAXIMUM_RECORD_BYTES } from "../files/lines.js";
import { checkCount, checkKnown } from "../options.js";
import type { Records, Row } from "../records/records.js";

/** How two parallel texts are read. */
export interface ParallelOptions {
  /** A longer line is an error, so that memory stays bounded. Default: 2^24 (16.8 MB). */
  maximumRecordBytes?: number;
}

/**
 * Opens two parallel texts as records: line k of one with line k of the other, in the columns `source` and `target`. Lines that are empty in both are left
 * out.
 *
 * @example const records = await openParallel("train.de", "train.en.gz");
 * @throws {UnrolledError} `UNROLLED_DATA` where there is no such file, or it is empty or no text; while reading, where one has more lines than the other,
 * or a line without its counterpart.
 */
export async function openParallel(source: string, target: string, options: ParallelOptions = {}): Promise<Records> {
  checkKnown("openParallel", options, ["maximumRecordBytes"]);
  const maximumBytes = checkCount("openParallel", "maximumRecordBytes", options.maximumRecordBytes ?? MAXIMUM_RECORD_BYTES);
  const files = [new DataFile(source, "a text"), new DataFile(target, "a text")] as const;

  async function* rows(): AsyncGenerator<Row> {
    const [left, right] = files.map((file) => lines(file, maximumBytes)[Symbol.asyncIterator]());
    if (!left || !right) return;
    let number = 0;
    let isEmpty = true;
    try {
      while (true) {
        const [one, other] = [await left.next(), await right.next()];
        if (one.done && other.done) break;
        if (one.done || other.done) throw await unequal(number, one.done ? right : left, one.done === true);
        number++;
        const [from, to] = [one.value.text, other.value.text];
        if (from.trim() === "" && to.trim() === "") continue;
        isEmpty = false;
        yield { values: [from, to], place: `${source}:${number}` };
      }
    } finally {
      await left.return(undefined);
      await right.return(undefined);
    }
    if (isEmpty) throw dataError(source, `has empty lines only, as ${target} has; expected a text.`);
  }

  /** Counts the lines of the longer one to their end. */
  async function unequal(common: number, longer: AsyncIterator<unknown>, isTarget: boolean) {
    let more = common + 1;
    while (!(await longer.next()).done) more++;
    const [sources, targets] = isTarget ? [common, more] : [more, common];
    return dataError(
      source,
      `has ${sources} ${sources === 1 ? "line" : "lines"}, and ${target} has ${targets}; expected as many in both, line k of one belonging to line k of the other.`,
    );
  }

  for await (const _ of rows()) break;
  return { format: "text", paths: [source, target], columns: ["source", "target"], notes: [], rows };
}
