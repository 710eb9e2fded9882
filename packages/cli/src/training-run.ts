import { folder } from "unrolled/node";
import { LanguageModel, type LanguageModelOptions } from "unrolled/tasks";
import { type TrainingProgress, trainingDisplay } from "./display/training-display.js";
import type { Host } from "./host.js";
import { listenForInterrupts } from "./interrupts.js";

/** What to train, and where to. */
interface TrainingRunSettings {
  readonly text: string;
  readonly options: Omit<LanguageModelOptions, "signal" | "onProgress" | "onNotice" | "checkpoints">;
  /** Where the model is saved. */
  readonly folder: string;
  /** Whether checkpoints are kept in that folder too. */
  readonly checkpoints: boolean;
  readonly json: boolean;
}

/** A training that has ended, in its own time or by Ctrl-C, and its model as saved. */
export interface TrainingRun {
  readonly model: LanguageModel;
  /** Of the last epoch, nats per token. */
  readonly loss: number;
  readonly validationLoss: number | undefined;
  readonly epoch: number;
  readonly step: number;
  /** Steps that were planned. */
  readonly steps: number;
  readonly seconds: number;
  readonly interrupted: boolean;
}

/** About a line of characters. */
const SAMPLE = {
  char: { length: 100, temperature: 0.7 },
  word: { length: 20, temperature: 0.7 },
  piece: { length: 30, temperature: 0.7 },
};

/**
 * Trains a language model, shows it meanwhile, and saves it. Ctrl-C ends the training after the step at hand, and the model is
 * saved as it is then; a second one leaves without saving. Gives `undefined` if there was no step to save.
 */
export async function trainAndSave(host: Host, settings: TrainingRunSettings): Promise<TrainingRun | undefined> {
  const display = trainingDisplay(host, { json: settings.json });
  const interrupts = listenForInterrupts(host, {
    onFirst: () => display.notice("Stopping after this step, then saving. Ctrl-C again leaves at once, without saving."),
    onSecond: () => display.finish(),
  });
  const store = folder(settings.folder);
  let progress: TrainingProgress | undefined;
  try {
    const model = await LanguageModel.train(settings.text, {
      ...settings.options,
      ...(settings.checkpoints && { checkpoints: store }),
      signal: interrupts.signal,
      onNotice: (notice) => display.notice(notice),
      onProgress: (event) => {
        if (progress === undefined && event.step > 1) display.notice(`Going on after step ${event.step - 1}.`);
        progress = event;
        display.update(event, () => event.model.sample("", SAMPLE[event.tokens]));
      },
    });
    const { steps, seconds, interrupted, epochs } = model.history;
    const last = epochs.at(-1);
    if (last === undefined) return undefined;
    if (progress === undefined && !interrupted) display.notice("All epochs are done already; more --epochs go further.");
    // The last validation comes after the last step's event.
    if (progress !== undefined) display.update({ ...progress, validationLoss: last.validationLoss }, () => "");
    display.finish();
    await model.save(store);
    return {
      model,
      loss: last.loss,
      validationLoss: last.validationLoss,
      epoch: last.epoch,
      step: steps,
      steps: progress?.steps ?? steps,
      seconds,
      interrupted,
    };
  } finally {
    display.finish();
    interrupts.stop();
  }
}
