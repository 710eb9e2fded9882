import { type ColumnChoice, type ColumnTask, chooseColumns, type Records } from "@unrolled/data";
import { UnrolledError } from "unrolled";
import type { ModelStore } from "unrolled/files";
import { givenOptions } from "../given-options.js";
import type { Host } from "../host.js";
import { readModelData } from "./model-data.js";
import { type ColumnArguments, chooseAndTell, openRecords } from "./open-records.js";

/** Files that a trained model is to read. */
export interface ModelRecords {
  readonly records: Records;
  readonly columns: ColumnChoice;
}

/**
 * Opens files with inputs and targets for a model: the columns are those that it was trained on, but for those that are given; of a model that
 * was not trained by this command they are guessed.
 */
export async function openForModel(
  host: Host,
  store: ModelStore,
  task: ColumnTask,
  paths: readonly string[],
  given: ColumnArguments,
  open: (host: Host, paths: readonly string[]) => Promise<Records> = openRecords,
): Promise<ModelRecords> {
  const known = (await readModelData(store))?.columns;
  const records = await open(host, paths);
  if (known && Object.keys(givenOptions({ ...given })).length === 0) {
    checkThere(records, [...known.input, ...known.target], "--input, --target");
    return { records, columns: known };
  }
  return { records, columns: await chooseAndTell(host, records, task, { ...(known ? rolesOf(known, records) : {}), ...given }) };
}

/** The column of what can only be an input, by format. */
const ONLY_INPUTS: Readonly<Partial<Record<Records["format"], string>>> = { text: "text", images: "image" };

/**
 * Opens files with inputs alone for a model. The lines of a plain text are the inputs of a model of text, and the pictures of a
 * folder those of a model of pictures, whatever its column was called.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where nothing tells which columns the model reads.
 */
export async function openInputsForModel(
  host: Host,
  store: ModelStore,
  task: ColumnTask,
  path: string,
  input: string[] | undefined,
  open: (host: Host, paths: readonly string[]) => Promise<Records> = openRecords,
): Promise<ModelRecords> {
  const known = (await readModelData(store))?.columns;
  const records = await open(host, [path]);
  const only = ONLY_INPUTS[records.format];
  const isAsBefore = known !== undefined && input === undefined && (only === undefined || known.input.includes(only));
  const names = isAsBefore ? known.input : (input ?? (only === undefined ? undefined : [only]));
  if (names === undefined) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${store.description}: the model doesn't say which columns it reads, since this command didn't train it; name them by --input. ` +
        `The columns of ${path} are ${records.columns.map((name) => JSON.stringify(name)).join(", ")}.`,
    );
  }
  if (isAsBefore) {
    checkThere(records, known.input, "--input");
    return { records, columns: known };
  }
  // the kinds of these columns are all that is asked for
  return { records, columns: await chooseColumns(records, task, { input: names, target: names }) };
}

/** @throws {UnrolledError} `UNROLLED_DATA` where a column that the model was trained on isn't there. */
function checkThere(records: Records, columns: readonly string[], options: string): void {
  const absent = columns.find((name) => !records.columns.includes(name));
  if (absent === undefined) return;
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${records.paths.join(", ")}: has no column ${JSON.stringify(absent)}, which the model was trained on; its columns are ` +
      `${records.columns.map((name) => JSON.stringify(name)).join(", ")}: name others (${options}).`,
  );
}

/** A group that only the training data was split by need not be in other files. */
function rolesOf({ task, input, target, time, group }: ColumnChoice, { columns }: Records): ColumnArguments {
  const isThere = group !== undefined && (task === "forecaster" || columns.includes(group));
  return { input: [...input], target: [...target], time: [...time], ...(isThere ? { group } : {}) };
}
