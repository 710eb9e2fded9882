import { translatorExamples } from "@unrolled/data";
import type { Translator } from "unrolled/tasks";
import type { ModelRecords } from "../examples/model-records.js";
import { translatorScores, translatorTable } from "./report.js";

/** How well a translator does on files: one JSON object, or a table. */
export async function evaluateTranslator(
  model: Translator,
  { records, columns }: ModelRecords,
  { beam, json }: { readonly beam: number | undefined; readonly json: boolean },
): Promise<string> {
  const metrics = await model.evaluate(translatorExamples(records, columns), beam === undefined ? {} : { beam });
  if (!json) return translatorTable("Test", model, metrics).join("\n");
  const { tokens, unknown } = metrics;
  return JSON.stringify({ task: model.task, metrics: { test: translatorScores(metrics) }, tokens, unknown });
}
