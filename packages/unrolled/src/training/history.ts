/** What training went through. */
export interface TrainingHistory {
  readonly epochs: readonly EpochRecord[];
  /** Optimizer steps taken. */
  readonly steps: number;
  /** Steps left out because the gradient was not finite. */
  readonly skippedSteps: number;
  readonly seconds: number;
  /** Whether a signal ended it early. */
  readonly interrupted: boolean;
}

export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Optimizer steps taken by its end. */
  readonly step: number;
  /** Mean training loss over the epoch. */
  readonly loss: number;
  readonly validationLoss?: number;
  /** Since training began. */
  readonly seconds: number;
}

/** Where training is, after every optimizer step. */
export interface TrainingProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps taken, over all epochs. */
  readonly step: number;
  /** Steps in all; unknown in the first epoch where the data is a function. */
  readonly steps: number | undefined;
  /** Loss of this step's batch. */
  readonly loss: number;
  /** Exponential mean of the loss, over about the last 50 steps. */
  readonly meanLoss: number;
  /** The newest validation loss. */
  readonly validationLoss: number | undefined;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
  readonly skippedSteps: number;
  readonly seconds: number;
  /** Estimated from the time so far; unknown where `steps` is. */
  readonly secondsLeft: number | undefined;
}
