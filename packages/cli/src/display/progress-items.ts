import { count, duration, loss } from "./quantities.js";
import type { TrainingProgress } from "./training-display.js";

/** What is said of a training at one moment, in the order in which it is shown. */
export interface ProgressItem {
  readonly text: string;
  /** What it tells of, where that has a color. */
  readonly about?: "training" | "validation";
}

/** Everything worth a place beside the bar, or on a line of a log. */
export function progressItems(progress: TrainingProgress): ProgressItem[] {
  const { epoch, epochs, step, steps, validationLoss, validationMetrics = {}, skippedSteps, unit, perSecond } = progress;
  return [
    { text: `epoch ${epoch}/${epochs}` },
    { text: `step ${count(step)}${steps === undefined ? "" : `/${count(steps)}`}` },
    { text: `training loss ${loss(progress.loss)}`, about: "training" },
    ...(validationLoss === undefined ? [] : [{ text: `validation loss ${loss(validationLoss)}`, about: "validation" } as const]),
    ...Object.entries(validationMetrics).map(
      ([name, value]) => ({ text: `validation ${name} ${loss(value)}`, about: "validation" }) as const,
    ),
    ...(skippedSteps > 0 ? [{ text: `${count(skippedSteps)} steps skipped` }] : []),
    { text: `${count(perSecond)} ${unit}/s` },
    { text: timeOf(progress) },
  ];
}

/** The time left where that is known and there is any, else the time that it took. */
function timeOf({ step, steps, seconds, secondsLeft }: TrainingProgress): string {
  if (steps === undefined || secondsLeft === undefined) return `${duration(seconds)} so far`;
  return step < steps ? `${duration(secondsLeft)} left` : duration(seconds);
}
