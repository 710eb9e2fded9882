import { inGroups } from "../../data/batching.js";
import { type Data, examplesOf } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import { encoded } from "./encoded-examples.js";
import type { ClassifierExample } from "./examples.js";
import { AnswerCounts, type ClassifierMetrics } from "./metrics.js";
import type { ClassifierParts } from "./parts.js";
import { probabilitiesOf } from "./probabilities.js";

/** Examples in memory at a time. */
const EXAMPLES_AT_ONCE = 1024;

/** Measures a classifier, and what always predicting the most frequent class comes to. */
export async function evaluateClassifier(parts: ClassifierParts, data: Data<ClassifierExample>): Promise<ClassifierMetrics> {
  const { form, labels, labelCounts, trainedWith } = parts;
  const where = "Classifier.evaluate: example";
  const frequencies = labelCounts.map((count) => count / trainedWith.trainExamples);
  const [model, baseline] = [new AnswerCounts(labels), new AnswerCounts(labels)];
  for await (const some of inGroups(examplesOf(encoded(data, form, labels, where)), EXAMPLES_AT_ONCE)) {
    const probabilities = await probabilitiesOf(
      parts,
      some.map(({ input }) => input),
    );
    for (const [place, { labels: truth }] of some.entries()) {
      model.add(probabilities[place] as Float64Array, truth);
      baseline.add(frequencies, truth);
    }
  }
  const { summary } = model;
  if (summary.examples === 0) {
    throw new UnrolledError("UNROLLED_DATA", "Classifier.evaluate: expected at least one example, received none.");
  }
  const { accuracy, f1, loss } = baseline.summary;
  return { ...summary, baseline: { accuracy, f1, loss } };
}
