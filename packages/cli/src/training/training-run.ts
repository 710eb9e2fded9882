import type { TrainingHistory } from "unrolled";
import type { ModelStore } from "unrolled/files";
import { type TrainingProgress, trainingDisplay } from "../display/training-display.js";
import type { Host } from "../host.js";
import { listenForInterrupts } from "./interrupts.js";

/** What every task's model has that a training needs. */
export interface TrainedModel {
  readonly task: string;
  readonly parameterCount: number;
  readonly history: TrainingHistory;
  save(store: ModelStore): Promise<void>;
}

/** What a task is trained with besides its own options. */
export interface TrainingHooks {
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly onNotice: (notice: string) => void;
  /** To be called after every step, with what gives a sample of the model's writing, of tasks that write. */
  readonly onStep: (progress: TrainingProgress, sample?: () => string) => void;
}

/** What to train, and where to. */
interface TrainingRunSettings<M extends TrainedModel> {
  readonly train: (hooks: TrainingHooks) => Promise<M>;
  /** Where the model is saved. */
  readonly store: ModelStore;
  readonly json: boolean;
}

/** A training that has ended, in its own time or by Ctrl-C, and its model as saved. */
export interface TrainingRun<M extends TrainedModel = TrainedModel> {
  readonly model: M;
  /** Of the last epoch. */
  readonly loss: number;
  readonly validationLoss: number | undefined;
  readonly epoch: number;
  readonly step: number;
  /** Steps that were planned; unknown in the first epoch of data that is read anew each time. */
  readonly steps: number | undefined;
  readonly seconds: number;
  readonly interrupted: boolean;
}

/**
 * Trains a model, shows it meanwhile, and saves it. Ctrl-C ends the training after the step at hand, and the model is
 * saved as it is then; a second one leaves without saving. Gives `undefined` if there was no step to save.
 */
export async function trainAndSave<M extends TrainedModel>(
  host: Host,
  settings: TrainingRunSettings<M>,
): Promise<TrainingRun<M> | undefined> {
  const display = trainingDisplay(host, { json: settings.json });
  const interrupts = listenForInterrupts(host, {
    onFirst: () => display.notice("Stopping after this step, then saving. Ctrl-C again leaves at once, without saving."),
    onSecond: () => display.finish(),
  });
  let progress: TrainingProgress | undefined;
  try {
    const model = await settings.train({
      signal: interrupts.signal,
      onNotice: (notice) => display.notice(notice),
      onStep: (step, sample) => {
        if (progress === undefined && step.step > 1) display.notice(`Going on after step ${step.step - 1}.`);
        progress = step;
        display.update(step, sample);
      },
    });
    const { steps, seconds, interrupted, epochs } = model.history;
    const last = epochs.at(-1);
    if (last === undefined) return undefined;
    if (progress === undefined && !interrupted) display.notice("All epochs are done already; more --epochs go further.");
    if (progress !== undefined) display.update(ended(progress, model.history));
    display.finish();
    await model.save(settings.store);
    return {
      model,
      loss: last.loss,
      validationLoss: last.validationLoss,
      epoch: last.epoch,
      step: steps,
      steps: progress === undefined ? steps : progress.steps,
      seconds,
      interrupted,
    };
  } finally {
    display.finish();
    interrupts.stop();
  }
}

/** The last validation comes after the last step's event; and whoever ended early has no steps left. */
function ended(progress: TrainingProgress, { epochs, steps, seconds, interrupted }: TrainingHistory): TrainingProgress {
  const { validationLoss, validationMetrics } = epochs.at(-1) ?? {};
  return { ...progress, validationLoss, validationMetrics, ...(interrupted ? {} : { steps, seconds, secondsLeft: 0 }) };
}
