import type { ModelStore } from "unrolled/files";
import type { Forecaster, ForecastStep } from "unrolled/tasks";
import { score } from "../display/score-table.js";
import { readModelData } from "../examples/model-data.js";
import { openForModel } from "../examples/model-records.js";
import { openRecords } from "../examples/open-records.js";
import { givenOptions } from "../given-options.js";
import type { Host } from "../host.js";
import { drawingsOf, drawnForecasts, writePictures } from "./drawings.js";
import { readRows } from "./rows.js";

/** What is asked of a forecaster. */
interface ForecasterQuestions {
  /** Rows that it goes on from. */
  readonly file?: string;
  /** Rows of what is known in advance. */
  readonly future?: string;
  readonly horizon?: number;
  readonly svg?: string;
  readonly json: boolean;
}

/** What follows on the rows: a table and a drawing, or an object for each step. */
export async function* forecasterPredictions(
  host: Host,
  store: ModelStore,
  model: Forecaster,
  { file, future, horizon, svg, json }: ForecasterQuestions,
): AsyncGenerator<string> {
  const opened = file === undefined ? undefined : await openForModel(host, store, "forecaster", [file], {});
  const rows = opened && (await readRows(opened.records, opened.columns));
  const ahead = future === undefined ? undefined : await futureRows(host, store, model, future, rows?.length ?? 0);
  const steps = await model.predict(rows, givenOptions({ horizon, future: ahead }));
  if (rows === undefined) {
    host.messages.write("Going on from the last rows that it was trained and validated on; --file goes on from rows of yours.\n");
  }
  const drawings = drawingsOf(model.trainedWith.targets, rows ?? [], steps);
  if (svg !== undefined) {
    for (const picture of await writePictures(svg, drawings)) host.messages.write(`The forecast is drawn in ${picture}.\n`);
  }
  if (json) {
    for (const step of steps) yield `${JSON.stringify(step)}\n`;
    return;
  }
  yield table(steps, model.trainedWith.targets);
  if (rows !== undefined) for (const line of drawnForecasts(host, drawings)) yield `${line}\n`;
}

/** The targets' columns needn't be there. */
async function futureRows(host: Host, store: ModelStore, model: Forecaster, path: string, first: number) {
  const { known } = model.trainedWith;
  const trained = (await readModelData(store))?.columns;
  const columns = trained ?? (await openForModel(host, store, "forecaster", [path], {})).columns;
  const records = await openRecords(host, [path]);
  return await readRows(records, { ...columns, input: known, target: [] }, first);
}

/** A line for each step: its series, its time, and each target with its bounds. */
function table(steps: readonly ForecastStep[], targets: readonly string[]): string {
  const hasGroups = steps.some(({ group }) => group !== undefined);
  const hasBounds = steps.some(({ lower }) => lower !== undefined);
  const head = [
    ...(hasGroups ? ["group"] : []),
    "time",
    ...targets.flatMap((name) => [name, ...(hasBounds ? ["from", "to"] : [])]),
  ];
  const lines = steps.map(({ group, time, values, lower, upper }) => {
    const numbers = targets.flatMap((name) => [values[name], ...(hasBounds ? [lower?.[name], upper?.[name]] : [])]);
    return [
      ...(hasGroups ? [group ?? ""] : []),
      String(time),
      ...numbers.map((value) => (value === undefined ? "" : score(value))),
    ];
  });
  const widths = head.map((name, column) => Math.max(name.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const firstNumber = hasGroups ? 2 : 1;
  return [head, ...lines]
    .map((line) =>
      line.map((cell, column) => (column < firstNumber ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))),
    )
    .map((line) => `${line.join("  ").trimEnd()}\n`)
    .join("");
}
