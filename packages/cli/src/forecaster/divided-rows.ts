import type { ColumnChoice, Records } from "@unrolled/data";
import { UnrolledError } from "unrolled";
import { type ForecastRow, splitRows } from "unrolled/tasks";
import { openRecords } from "../examples/open-records.js";
import type { Host } from "../host.js";
import type { HeldOut } from "../option-values.js";
import { longestSeries, readRows } from "./rows.js";

const SHARE = 0.1;

/** Rows to learn from, to choose by, and to measure on, one after the other in time. */
export interface DividedRows {
  readonly train: readonly ForecastRow[];
  readonly validation: readonly ForecastRow[];
  readonly test: readonly ForecastRow[];
}

/**
 * Divides rows by time, all series at one time: the last are for the test, those before for validation; or each is a file of its own, which comes after.
 *
 * @param steps how many steps a forecast has, which each part must hold
 * @throws {UnrolledError} `UNROLLED_VALUE` where the shares leave nothing to train on, `UNROLLED_DATA` where the test holds no whole forecast.
 */
export async function divideRows(
  host: Host,
  records: Records,
  columns: ColumnChoice,
  held: { readonly validation?: HeldOut; readonly test?: HeldOut },
  steps: number,
): Promise<DividedRows> {
  const { validation = { fraction: SHARE }, test = { fraction: SHARE } } = held;
  const [ofValidation, ofTest] = [validation, test].map((part) => ("fraction" in part ? part.fraction : 0)) as [number, number];
  if (ofValidation + ofTest >= 1) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `--validation ${ofValidation} and --test ${ofTest} leave nothing to train on; together they must stay below 1.`,
    );
  }
  const whole = await readRows(records, columns);
  const fromFile = async (part: HeldOut, first: number) =>
    "file" in part ? await readRows(await openRecords(host, [part.file]), columns, first) : undefined;
  const validationFile = await fromFile(validation, whole.length);
  const testFile = await fromFile(test, whole.length + (validationFile?.length ?? 0));

  const { train: before, validation: last } = testFile ? { train: whole, validation: testFile } : await splitRows(whole, ofTest);
  const cut = validationFile
    ? { train: before, validation: validationFile }
    : await splitRows(before, ofValidation / (1 - ofTest));
  const reached = longestSeries(last);
  if (reached >= steps) return { ...cut, test: last };
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${records.paths.join(", ")}: the test data has ${reached} steps, and a forecast ${steps}; give more rows, a larger --test, or a smaller --horizon.`,
  );
}
