import { type Command, Option } from "commander";
import type { CellName } from "unrolled/tasks";
import { architecture } from "../architecture.js";
import { countBaselines } from "../baselines.js";
import { lossTable } from "../display/loss-table.js";
import { count, duration } from "../display/quantities.js";
import { exitCode } from "../exit-code.js";
import { givenOptions } from "../given-options.js";
import { type DividedText, divideText } from "../held-out-text.js";
import type { Host } from "../host.js";
import { checkModelFolder, defaultModelFolder } from "../model-folder.js";
import { decimalNumber, fileOrFraction, type HeldOut, wholeNumber } from "../option-values.js";
import { shellQuoted } from "../shell-quoted.js";
import { textMetrics } from "../text-metrics.js";
import { characterCount, readTexts } from "../texts.js";
import { type TrainingRun, trainAndSave } from "../training-run.js";

interface TrainOptions {
  out?: string;
  overwrite?: true;
  json?: true;
  validation?: HeldOut;
  test?: HeldOut;
  cell: CellName;
  units: number;
  layers: number;
  embeddingUnits?: number;
  dropout: number;
  epochs: number;
  batch: number;
  sequence: number;
  learningRate: number;
  clipNorm: number;
  seed?: number;
}

/** `unrolled train language-model <data…>`: from text files to a network that writes. */
export function addTrainLanguageModelCommand(train: Command, host: Host, answer: (code: number) => void): void {
  const program = train.parent?.name() ?? "unrolled";
  const call = `${program} train language-model`;
  train
    .command("language-model")
    .summary("learn to write like a text, character by character")
    .description("Trains a recurrent network to predict the next character of a text, and saves it.")
    .argument("<data...>", "text files in UTF-8 (.gz too), read as one text in this order")
    .optionsGroup("Data:")
    .option("--validation <file|fraction>", "text to validate on, or the share of the data's end (default: 0.1)", fileOrFraction)
    .option("--test <file|fraction>", "text to test on when trained, or the share of the data's end", fileOrFraction)
    .optionsGroup("Model:")
    .addOption(new Option("--cell <kind>", "recurrent cell").choices(["rnn", "lstm", "gru"]).default("lstm"))
    .option("--units <count>", "hidden units of a layer", wholeNumber({ minimum: 1 }), 256)
    .option("--layers <count>", "recurrent layers", wholeNumber({ minimum: 1 }), 1)
    .option(
      "--embedding-units <count>",
      "numbers that stand for a character (default: as many as units, at most 128)",
      wholeNumber({ minimum: 1 }),
    )
    .option("--dropout <share>", "share of values dropped between layers", decimalNumber({ minimum: 0, below: 1 }), 0)
    .optionsGroup("Training:")
    .option("--epochs <count>", "times through the data", wholeNumber({ minimum: 1 }), 10)
    .option("--batch <count>", "pieces of the data read side by side", wholeNumber({ minimum: 1 }), 32)
    .option("--sequence <characters>", "how far a gradient goes back", wholeNumber({ minimum: 1 }), 64)
    .option("--learning-rate <number>", "of Adam", decimalNumber({ above: 0 }), 0.003)
    .option("--clip-norm <number>", "longer gradients are scaled down to this", decimalNumber({ above: 0 }), 1)
    .option("--seed <number>", "the same seed gives the same model (default: another one each time)", wholeNumber({ minimum: 0 }))
    .optionsGroup("Output:")
    .option("--out <folder>", "where the model is saved (default: models/language-model-<name of the data>)")
    .option("--overwrite", "replace the model in that folder")
    .option("--json", "print one JSON object on standard output, all else on standard error")
    .addHelpText(
      "after",
      `\nExamples:\n  ${call} book.txt\n  ${call} book.txt --cell gru --units 256 --epochs 20 --out models/book\n  ${call} train.txt --validation valid.txt --test test.txt --json`,
    )
    .action(async (data: string[], options: TrainOptions) => answer(await trainLanguageModel(host, program, data, options)));
}

async function trainLanguageModel(host: Host, program: string, data: string[], options: TrainOptions): Promise<number> {
  const folder = options.out ?? defaultModelFolder("language-model", data[0] ?? "");
  await checkModelFolder(folder, { overwrite: options.overwrite === true });
  const divided = await divideText(
    host,
    await readTexts(host, data),
    givenOptions({ validation: options.validation, test: options.test }),
  );
  const { parts } = divided;
  host.messages.write(
    `Training on ${count(characterCount(parts.train))} characters of ${data.join(", ")}, validating on ${count(characterCount(parts.validation))}.\n\n`,
  );

  const run = await trainAndSave(host, {
    text: divided.text,
    folder,
    json: options.json === true,
    options: givenOptions({
      cell: options.cell,
      units: options.units,
      layers: options.layers,
      embeddingUnits: options.embeddingUnits,
      dropout: options.dropout,
      epochs: options.epochs,
      batchSize: options.batch,
      sequenceLength: options.sequence,
      learningRate: options.learningRate,
      clipNorm: options.clipNorm,
      seed: options.seed,
      validation: divided.validation,
    }),
  });
  if (run === undefined) {
    host.messages.write("Stopped before the first step; nothing was saved.\n");
    return exitCode.interrupted;
  }
  host.messages.write("\n");
  const result = run.interrupted ? interruptedResult(run) : await measuredResult(run, divided);
  if (options.json === true) host.results.write(`${JSON.stringify(toJson(run, result, folder))}\n`);
  else host.results.write(`${report(run, result, folder, program).join("\n")}\n`);
  return run.interrupted ? exitCode.interrupted : exitCode.done;
}

/** Losses in nats per character. */
interface Result {
  readonly training: number;
  readonly validation: number | undefined;
  readonly test: number | undefined;
  /** `undefined` if they were not counted. */
  readonly baselines: readonly { name: string; loss: number }[] | undefined;
}

async function measuredResult({ model, progress }: TrainingRun, { parts, test }: DividedText): Promise<Result> {
  return {
    training: progress.loss,
    validation: (await model.evaluate(parts.validation)).loss,
    test: test === undefined ? undefined : (await model.evaluate(test)).loss,
    baselines: countBaselines(model.vocabulary, parts),
  };
}

/** Whoever interrupts does not want to wait: only what the training has measured anyway. */
function interruptedResult({ progress }: TrainingRun): Result {
  return { training: progress.loss, validation: progress.validationLoss, test: undefined, baselines: undefined };
}

function toJson(run: TrainingRun, result: Result, folder: string): object {
  const metrics = { train: result.training, validation: result.validation, test: result.test };
  return {
    task: run.model.task,
    parameters: run.model.parameterCount,
    epochs: run.progress.epoch,
    steps: run.progress.step,
    metrics: Object.fromEntries(
      Object.entries(metrics).flatMap(([part, loss]) => (loss === undefined ? [] : [[part, textMetrics({ loss })]])),
    ),
    baseline: Object.fromEntries((result.baselines ?? []).map(({ name, loss }) => [name, textMetrics({ loss })])),
    seconds: Math.round(run.seconds * 1000) / 1000,
    interrupted: run.interrupted,
    model: folder,
  };
}

function report(run: TrainingRun, result: Result, folder: string, program: string): string[] {
  const { model, progress, interrupted, seconds } = run;
  const name = architecture(model);
  const own = result.validation === undefined ? [] : [{ name, loss: result.validation }];
  return [
    ...(interrupted
      ? [`Stopped at step ${count(progress.step)} of ${count(progress.steps)}.`]
      : [
          ...lossTable("Validation loss per character", [...own, ...(result.baselines ?? [])]),
          ...(result.baselines === undefined ? ["The text is too long to count n-gram baselines."] : []),
          ...(result.test === undefined ? [] : ["", ...lossTable("Test loss per character", [{ name, loss: result.test }])]),
        ]),
    "",
    `Saved in ${folder}: ${count(model.parameterCount)} parameters, trained for ${duration(seconds)}. Let it write:`,
    `  ${program} generate ${shellQuoted(folder)} --length 500 --temperature 0.8`,
  ];
}
