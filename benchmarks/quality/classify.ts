import { Classifier, type ClassifierExample, type ClassifierOptions, type TaskProgress } from "unrolled/tasks";
import type { Result, RunRequest } from "./task.js";

/** The data of a classification task. */
export interface ClassificationData {
  readonly train: readonly ClassifierExample[];
  /** Default: the share of the training examples that the options say. */
  readonly validation?: readonly ClassifierExample[];
  readonly test: readonly ClassifierExample[];
}

/** Trains a classifier and gives its accuracy on the test data. */
export async function trainAndMeasure(
  { train, validation, test }: ClassificationData,
  options: ClassifierOptions,
  { seed, steps, say }: RunRequest,
): Promise<Result> {
  let latest: TaskProgress | undefined;
  const classifier = await Classifier.train(train, {
    ...options,
    ...(validation ? { validation } : {}),
    ...(steps === undefined ? {} : { steps }),
    seed,
    onProgress: (progress) => {
      // an epoch is measured after its last step, so the next one's first step tells
      if (latest && progress.epoch > latest.epoch) say(epochLine(progress));
      latest = progress;
    },
  });
  const { accuracy, f1, loss, calibration } = await classifier.evaluate(test);
  const { epochs, seconds, best } = classifier.history;
  const of = best ? `epoch ${best.epoch} of ${epochs.length}` : `${epochs.length} epochs`;
  say(
    `${of}   test accuracy ${accuracy.toFixed(4)}   F1 ${f1.toFixed(4)}   loss ${loss.toFixed(4)}   ` +
      `calibration error ${calibration.error.toFixed(4)}   ${seconds.toFixed(0)} s`,
  );
  return { value: accuracy, parameters: classifier.parameterCount, epochs, seconds };
}

function epochLine({
  epoch,
  loss,
  validationLoss = Number.NaN,
  validationMetrics,
  examplesPerSecond,
  seconds,
}: TaskProgress): string {
  const accuracy = validationMetrics?.accuracy ?? Number.NaN;
  return (
    `epoch ${epoch - 1}   training ${loss.toFixed(4)}   validation ${validationLoss.toFixed(4)}   accuracy ${accuracy.toFixed(4)}   ` +
    `${Math.round(examplesPerSecond)} examples/s   ${seconds.toFixed(0)} s`
  );
}

/** How often the most frequent class of the training examples is right. */
export function majorityAccuracy({ train, test }: ClassificationData): number {
  const counts = new Map<string, number>();
  for (const { label } of train) counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
  const [majority] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  return test.filter(({ label }) => label === majority).length / test.length;
}
