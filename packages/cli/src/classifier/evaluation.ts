import { classifierExamples } from "@unrolled/data";
import type { Classifier } from "unrolled/tasks";
import type { ModelRecords } from "../examples/model-records.js";
import { classifierScores, classifierTable } from "./report.js";

/** How well a classifier does on files: one JSON object, or tables. */
export async function evaluateClassifier(
  model: Classifier,
  { records, columns }: ModelRecords,
  { json, width }: { readonly json: boolean; readonly width: number },
): Promise<string> {
  const metrics = await model.evaluate(classifierExamples(records, columns, { labels: model.labels }));
  const baseline = { mostFrequentClass: metrics.baseline };
  if (!json) return classifierTable("Test", model, metrics, baseline, width).join("\n");
  const { examples, classes, labels, confusion, calibration } = metrics;
  return JSON.stringify({
    ...{ task: model.task, metrics: { test: classifierScores(metrics) }, baseline, examples },
    ...{ classes, labels, confusion, calibrationError: calibration.error },
  });
}
