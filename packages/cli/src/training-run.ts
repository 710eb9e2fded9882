import { folder } from "unrolled/node";
import { LanguageModel, type LanguageModelOptions } from "unrolled/tasks";
import { type TrainingProgress, trainingDisplay } from "./display/training-display.js";
import type { Host } from "./host.js";
import { listenForInterrupts } from "./interrupts.js";

/** A training that has ended, in its own time or by Ctrl-C. */
export interface TrainingRun {
  /** As saved. */
  readonly model: LanguageModel;
  /** After its last step. */
  readonly progress: TrainingProgress;
  readonly interrupted: boolean;
  readonly seconds: number;
}

interface TrainingRunSettings {
  readonly text: string;
  readonly options: Omit<LanguageModelOptions, "signal" | "onProgress">;
  /** Where the model is saved. */
  readonly folder: string;
  readonly json: boolean;
}

const SAMPLE_LENGTH = 100;
const SAMPLE_TEMPERATURE = 0.7;

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
  const began = host.now();
  let progress: TrainingProgress | undefined;
  try {
    const model = await LanguageModel.train(settings.text, {
      ...settings.options,
      signal: interrupts.signal,
      onProgress: (event) => {
        progress = event;
        display.update(event, () => event.model.sample("", { length: SAMPLE_LENGTH, temperature: SAMPLE_TEMPERATURE }));
      },
    });
    display.finish();
    if (progress === undefined) return undefined;
    const seconds = (host.now() - began) / 1000;
    await model.save(folder(settings.folder));
    return { model, progress, interrupted: model.history.interrupted, seconds };
  } finally {
    display.finish();
    interrupts.stop();
  }
}
