import type { TrainingProgress } from "../display/training-display.js";

/** Progress half-way through a training of two epochs, but for what the test says. */
export function trainingProgress(given: Partial<TrainingProgress> = {}): TrainingProgress {
  return {
    epoch: 1,
    epochs: 2,
    step: 500,
    steps: 1000,
    loss: 1.7124,
    validationLoss: 1.8031,
    gradientNorm: 0.5,
    skippedSteps: 0,
    unit: "characters",
    perSecond: 45_678.4,
    seconds: 60,
    secondsLeft: 62,
    ...given,
  };
}
