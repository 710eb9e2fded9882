import { taggerExamples } from "@unrolled/data";
import type { Tagger } from "unrolled/tasks";
import type { ModelRecords } from "../examples/model-records.js";
import { taggerScores, taggerTable } from "./report.js";

/** How well a tagger does on files: one JSON object, or tables. */
export async function evaluateTagger(model: Tagger, { records, columns }: ModelRecords, json: boolean): Promise<string> {
  const metrics = await model.evaluate(taggerExamples(records, columns, { tags: model.tags }));
  if (!json) return taggerTable("Test", model, metrics).join("\n");
  const { tokens, unknown, unknownAccuracy, scores } = metrics;
  return JSON.stringify({
    ...{ task: model.task, metrics: { test: taggerScores(metrics) }, baseline: { mostFrequentTag: metrics.baseline } },
    ...{ tokens, unknown, unknownAccuracy, scores },
  });
}
