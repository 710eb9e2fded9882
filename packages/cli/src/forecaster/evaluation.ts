import type { Forecaster } from "unrolled/tasks";
import type { ModelRecords } from "../examples/model-records.js";
import { givenOptions } from "../given-options.js";
import { forecasterScores, forecasterTable } from "./report.js";
import { readRows } from "./rows.js";

/** How well a forecaster does on files: one JSON object, or tables. With `from` what comes before is only read. */
export async function evaluateForecaster(
  model: Forecaster,
  { records, columns }: ModelRecords,
  { from, json }: { readonly from: string | undefined; readonly json: boolean },
): Promise<string> {
  const rows = await readRows(records, columns);
  const isNumber = typeof rows[0]?.time === "number";
  const metrics = await model.evaluate(rows, givenOptions({ from: from !== undefined && isNumber ? Number(from) : from }));
  if (!json) return forecasterTable("Test", model, metrics).join("\n");
  const { windows, targets, baseline } = metrics;
  return JSON.stringify({ task: model.task, metrics: { test: forecasterScores(metrics) }, baseline, windows, targets });
}
