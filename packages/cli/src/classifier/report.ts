import { type Classifier, type ClassifierExample, type ClassifierMetrics, naiveBayesBaseline } from "unrolled/tasks";
import { architecture, denseArchitecture } from "../display/architecture.js";
import { confusionMatrix } from "../display/confusion-matrix.js";
import { counted } from "../display/quantities.js";
import { type ScoreRow, scoreTable } from "../display/score-table.js";
import type { DividedExamples } from "../examples/divided-examples.js";
import { shellQuoted } from "../shell-quoted.js";
import { type Audience, savedIn, stoppedAt } from "../training/report.js";
import type { TrainingRun } from "../training/training-run.js";

const MEASURES = ["accuracy", "f1", "loss"] as const;

/** How well a classifier does, and what needs no network beside it; what was not measured is left out. */
interface ClassifierMeasures {
  readonly validation: ClassifierMetrics;
  readonly test: ClassifierMetrics;
  /** What the test comes to without a network, by name. */
  readonly baseline: Readonly<Record<string, ClassifierMetrics["baseline"]>>;
}

/** Measures a classifier on what it was not trained on. */
export async function measureClassifier(
  model: Classifier,
  { train, validation, test }: DividedExamples<ClassifierExample>,
  tokens: string | undefined,
): Promise<ClassifierMeasures> {
  const measured = { validation: await model.evaluate(validation), test: await model.evaluate(test) };
  const isCounted = model.input === "text" && measured.test.confusion !== undefined;
  const counted =
    isCounted && typeof train !== "function" && typeof test !== "function"
      ? { naiveBayes: naiveBayesBaseline(train, test, { tokens: tokens === "char" ? "char" : "word" }) }
      : {};
  return { ...measured, baseline: { ...counted, mostFrequentClass: measured.test.baseline } };
}

/** The metrics by the names of the command line's contract. */
export function classifierScores({ accuracy, f1, loss }: ClassifierMetrics) {
  return { accuracy, f1, loss };
}

/** Scores of a model and of what needs no network, and which classes were taken for which. */
export function classifierTable(
  title: string,
  model: Classifier,
  metrics: ClassifierMetrics,
  baseline: ClassifierMeasures["baseline"],
  width: number,
): string[] {
  const { trainedWith } = model;
  const own = {
    name: model.input === "row" ? denseArchitecture(trainedWith) : architecture(trainedWith),
    scores: scoresOf(metrics),
  };
  const others = Object.entries(baseline).map(
    ([name, scores]): ScoreRow => ({ name: NAMES[name] ?? name, scores: scoresOf(scores) }),
  );
  const best = others.toSorted((one, other) => (other.scores.accuracy ?? 0) - (one.scores.accuracy ?? 0))[0];
  const isBeaten = best !== undefined && metrics.accuracy < 1 && metrics.accuracy <= (best.scores.accuracy ?? 0);
  return [
    ...scoreTable(`${title}, ${counted(metrics.examples, "example")}`, MEASURES, [own, ...others]),
    ...(isBeaten ? ["", `The network is no better than ${best.name} here; more examples or epochs may help.`] : []),
    ...(metrics.confusion ? ["", ...confusionMatrix(metrics.labels, metrics.confusion, width)] : []),
  ];
}

const NAMES: Readonly<Record<string, string>> = { naiveBayes: "naive Bayes", mostFrequentClass: "the most frequent class" };

function scoresOf({ accuracy, f1, loss }: ClassifierMetrics["baseline"]) {
  return { accuracy, f1, loss };
}

/** What the user reads at the end of a training. */
export function classifierReport(
  run: TrainingRun<Classifier>,
  measures: ClassifierMeasures | undefined,
  { folder, program, width }: Audience,
): string {
  const { model } = run;
  const results = measures ? classifierTable("Test", model, measures.test, measures.baseline, width) : [stoppedAt(run)];
  const input = model.input === "text" ? shellQuoted("a text of yours") : "--file more-data";
  const next = `Ask it:\n  ${program} predict ${shellQuoted(folder)} ${input}`;
  return [...results, "", ...savedIn(run, folder, next)].join("\n");
}
