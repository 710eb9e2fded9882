import { captionerExamples } from "@unrolled/data";
import type { Captioner } from "unrolled/tasks";
import type { ModelRecords } from "../examples/model-records.js";
import { columnsOf } from "./examples.js";
import { captionerScores, captionerTable } from "./report.js";

/** How well a captioner does on files: one JSON object, or a table. */
export async function evaluateCaptioner(
  model: Captioner,
  { records, columns }: ModelRecords,
  { beam, json }: { readonly beam: number | undefined; readonly json: boolean },
): Promise<string> {
  const metrics = await model.evaluate(
    captionerExamples(records, columnsOf(model.trainedWith.input, columns)),
    beam === undefined ? {} : { beam },
  );
  if (!json) return captionerTable("Test", model, metrics).join("\n");
  return JSON.stringify({ task: model.task, metrics: { test: captionerScores(metrics) }, tokens: metrics.tokens });
}
