import { Translator, type TranslatorExample, type TranslatorOptions, type TranslatorProgress } from "unrolled/tasks";
import type { Result, RunRequest } from "./task.js";

/** What a translator learns from. */
export interface TranslationData {
  readonly train: readonly TranslatorExample[];
  readonly validation: readonly TranslatorExample[];
}

/** The figure of a translator that searches with a beam, and others that are told beside it. */
export type Measure = (
  translator: Translator,
  options: { readonly beam: number },
) => Promise<{ readonly value: number; readonly also?: Readonly<Record<string, number>> }>;

/** Trains a translator with a learning rate that falls evenly to 0, and measures it with a beam of 5, and of 1. */
export async function trainAndMeasure(
  { train, validation }: TranslationData,
  options: TranslatorOptions & { readonly epochs: number; readonly batchSize: number },
  { seed, steps, say }: RunRequest,
  measure: Measure,
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
  const [wide, greedy] = [await measure(translator, { beam: 5 }), await measure(translator, { beam: 1 })];
  const { epochs, seconds, best } = translator.history;
  const also = { ...wide.also, greedy: greedy.value };
  const told = Object.entries({ "beam 5": wide.value, ...also }).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  say(`best epoch ${best?.epoch}   ${told.join("   ")}   ${seconds.toFixed(0)} s`);
  return { value: wide.value, also, parameters: translator.parameterCount, epochs, seconds };
}

function epochLine({ epoch, loss, validationLoss = Number.NaN, examplesPerSecond, seconds }: TranslatorProgress): string {
  return (
    `epoch ${epoch}   training ${loss.toFixed(4)}   validation ${validationLoss.toFixed(4)}   ` +
    `${Math.round(examplesPerSecond)} pairs/s   ${seconds.toFixed(0)} s`
  );
}
