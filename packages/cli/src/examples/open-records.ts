import { type ColumnChoice, type ColumnTask, chooseColumns, openData, type Records } from "@unrolled/data";
import type { Command } from "commander";
import { givenOptions } from "../given-options.js";
import type { Host } from "../host.js";

/** What the command line says about columns; what it leaves open is guessed. */
export interface ColumnArguments {
  input?: string[];
  target?: string[];
  time?: string[];
  group?: string;
}

/** `--input` and `--target`. */
export function addColumnOptions(command: Command, { input, target }: { input: string; target: string }): Command {
  return command
    .optionsGroup("Data:")
    .option("--input <column...>", `${input} (default: guessed, and told)`)
    .option("--target <column...>", `${target} (default: guessed, and told)`);
}

/** `--group`, of tasks that see each example by itself. */
export function addGroupOption(command: Command, unit: string): Command {
  return command
    .optionsGroup("Data:")
    .option("--group <column>", `${unit} with the same value stay on one side of a split by shares (default: each by itself)`);
}

/** `--time` and `--group`. */
export function addSeriesOptions(command: Command): Command {
  return command
    .optionsGroup("Data:")
    .option("--time <column...>", "the time, or its parts from the year down (default: guessed, and told)")
    .option("--group <column>", "which series a row belongs to (default: guessed, and told)");
}

/** Opens files of any format, several as one, and tells what was decided by looking at them. */
export async function openRecords(host: Host, paths: readonly string[]): Promise<Records> {
  const records = await openData(paths);
  for (const note of records.notes) host.messages.write(`${note}\n`);
  return records;
}

/**
 * Says which columns are what: those that are given, the others guessed. The choice is told, so that nobody learns from a wrong guess
 * unawares.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` for a column that isn't there, and where nothing can be guessed.
 */
export async function chooseAndTell(
  host: Host,
  records: Records,
  task: ColumnTask,
  { input, target, time, group }: ColumnArguments,
): Promise<ColumnChoice> {
  const columns = await chooseColumns(records, task, givenOptions({ input, target, time, group }));
  host.messages.write(`${columns.sentence}\n`);
  return columns;
}
