import { type Command, Option } from "commander";
import type { CellName } from "unrolled/tasks";
import { decimalNumber, fileOrFraction, type HeldOut, wholeNumber } from "../option-values.js";
import { threadsOption } from "../threads-option.js";

/** What every `train` command can be told; what isn't given is the task's to choose. */
export interface TrainOptions {
  validation?: HeldOut;
  test?: HeldOut;
  cell?: CellName;
  units?: number;
  layers?: number;
  dropout?: number;
  epochs?: number;
  batch?: number;
  learningRate?: number;
  clipNorm?: number;
  seed?: number;
  threads?: number;
  out?: string;
  overwrite?: true;
  resume?: true;
  checkpointEvery: number;
  json?: true;
}

/** What a task chooses where an option isn't given, in the words of its help. */
export interface DefaultsInWords {
  readonly validation: string;
  readonly test: string;
  readonly cell: string;
  readonly units: string;
  readonly layers: string;
  readonly dropout: string;
  readonly epochs: string;
  readonly batch: string;
  readonly learningRate: string;
}

const atLeastOne = wholeNumber({ minimum: 1 });
const positive = decimalNumber({ above: 0 });

/** `--validation`, `--test`. */
export function addHeldOutOptions(command: Command, { validation, test }: DefaultsInWords): Command {
  return command
    .optionsGroup("Data:")
    .option(
      "--validation <file|fraction>",
      `what to validate on: a file, or a share of the data (default: ${validation})`,
      fileOrFraction,
    )
    .option("--test <file|fraction>", `what to test on when trained: a file, or a share (default: ${test})`, fileOrFraction);
}

/** `--cell`, `--units`, `--layers`, `--dropout`. */
export function addModelOptions(command: Command, { cell, units, layers, dropout }: DefaultsInWords): Command {
  return command
    .optionsGroup("Model:")
    .addOption(new Option("--cell <kind>", `recurrent cell (default: ${cell})`).choices(["rnn", "lstm", "gru"]))
    .option("--units <count>", `hidden units of a layer (default: ${units})`, atLeastOne)
    .option("--layers <count>", `layers, one above the other (default: ${layers})`, atLeastOne)
    .option(
      "--dropout <share>",
      `share of values dropped in training (default: ${dropout})`,
      decimalNumber({ minimum: 0, below: 1 }),
    );
}

/** `--epochs`, `--batch`, `--learning-rate`, `--clip-norm`, `--seed`, `--threads`. */
export function addTrainingOptions(command: Command, { epochs, batch, learningRate }: DefaultsInWords, unit: string): Command {
  return command
    .optionsGroup("Training:")
    .option("--epochs <count>", `times through the data (default: ${epochs})`, atLeastOne)
    .option("--batch <count>", `${unit} read side by side in a step (default: ${batch})`, atLeastOne)
    .option("--learning-rate <number>", `of the optimizer (default: ${learningRate})`, positive)
    .option("--clip-norm <number>", "longer gradients are scaled down to this (default: 1)", positive)
    .option("--seed <number>", "the same seed gives the same model (default: another one each time)", wholeNumber({ minimum: 0 }))
    .addOption(threadsOption());
}

/** `--patience`: ending early, of tasks that do. */
export function addPatienceOption(command: Command, fallback: string): Command {
  const text = `ends training when validation got no better for so many epochs (default: ${fallback})`;
  return command.optionsGroup("Training:").option("--patience <epochs>", text, atLeastOne);
}

/** `--out`, `--overwrite`, `--resume`, `--checkpoint-every`, `--json`. */
export function addOutputOptions(command: Command): Command {
  return command
    .optionsGroup("Output:")
    .option("--out <folder>", `where the model is saved (default: models/${command.name()}-<name of the data>)`)
    .option("--overwrite", "replace the model in that folder")
    .addOption(
      new Option("--resume", "go on from the checkpoint in that folder, if there is one; more --epochs go further").conflicts(
        "overwrite",
      ),
    )
    .option("--checkpoint-every <steps>", "how often a checkpoint is kept, besides the end", atLeastOne, 1000)
    .option("--json", "print one JSON object on standard output, all else on standard error");
}
