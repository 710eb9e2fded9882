import {
  Translator,
  type TranslatorExample,
  type TranslatorMetrics,
  type TranslatorOptions,
  type TranslatorProgress,
} from "unrolled/tasks";
import type { Result, RunRequest } from "./task.js";

/** The data of a task that turns texts into others. */
export interface TranslationData {
  readonly train: readonly TranslatorExample[];
  readonly validation: readonly TranslatorExample[];
  readonly test: readonly TranslatorExample[];
}

/** Trains a translator with a learning rate that falls evenly to 0, and measures it on the test data with a beam of 5, and of 1. */
export async function trainAndMeasure(
  { train, validation, test }: TranslationData,
  options: TranslatorOptions & { readonly epochs: number; readonly batchSize: number },
  { seed, steps, say }: RunRequest,
  figureOf: (metrics: TranslatorMetrics) => number,
): Promise<Result> {
  const all = Math.ceil(train.length / options.batchSize) * options.epochs;
  let latest: TranslatorProgress | undefined;
  const translator = await Translator.train(train, {
    ...options,
    schedule: (step) => Math.max(0, 1 - step / all),
    validation,
    ...(steps === undefined ? {} : { steps }),
    seed,
    onProgress: (progress) => {
      if (latest && progress.epoch > latest.epoch) say(epochLine({ ...latest, validationLoss: progress.validationLoss }));
      latest = progress;
    },
  });
  const [wide, greedy] = [await translator.evaluate(test, { beam: 5 }), await translator.evaluate(test, { beam: 1 })];
  const { epochs, seconds, best } = translator.history;
  say(
    `best epoch ${best?.epoch}   beam 5: ${figureOf(wide).toFixed(4)}, chrF ${wide.chrF.toFixed(2)}, exact ${wide.exactMatch.toFixed(4)}, ` +
      `word error ${wide.wordError.toFixed(4)}   beam 1: ${figureOf(greedy).toFixed(4)}   perplexity ${wide.perplexity.toFixed(3)}   ${seconds.toFixed(0)} s`,
  );
  return { value: figureOf(wide), also: { greedy: figureOf(greedy) }, parameters: translator.parameterCount, epochs, seconds };
}

function epochLine({ epoch, loss, validationLoss = Number.NaN, examplesPerSecond, seconds }: TranslatorProgress): string {
  return (
    `epoch ${epoch}   training ${loss.toFixed(4)}   validation ${validationLoss.toFixed(4)}   ` +
    `${Math.round(examplesPerSecond)} pairs/s   ${seconds.toFixed(0)} s`
  );
}
