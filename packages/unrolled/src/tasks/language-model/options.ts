import { UnrolledError } from "../../errors.js";
import type { ModelStore } from "../../files/store.js";
import { checkChoice, checkCount, checkKnown, checkRate } from "../../layers/options.js";
import { checkSeed, freshSeed, type Seed } from "../../tensor/random.js";
import { checkRange } from "../../training/optimizers/optimizer.js";
import type { LanguageModelProgress } from "./progress.js";

export const CELLS = ["rnn", "lstm", "gru"] as const;
export type CellName = (typeof CELLS)[number];

/** What a language model is made of. */
export interface LanguageModelArchitecture {
  /** Default: lstm. */
  cell: CellName;
  /** Hidden units of a layer. Default: 256. */
  units: number;
  /** Stacked recurrent layers. Default: 1. */
  layers: number;
  /** Features of a character's vector. Default: as many as units, at most 128. */
  embeddingUnits: number;
  /** Dropout between layers and before the output. Default: 0. */
  dropout: number;
}

export interface LanguageModelOptions extends Partial<LanguageModelArchitecture> {
  /** How often the text is gone through. Default: 10. */
  epochs?: number;
  /** Ends training after that many steps, whatever the epochs. Default: no limit. */
  steps?: number;
  /** Streams read side by side. Default: 32. */
  batchSize?: number;
  /** Steps that gradients reach back; states are carried on. Default: 64. */
  sequenceLength?: number;
  /** Of Adam. Default: 0.003. */
  learningRate?: number;
  /** Global norm that gradients are scaled down to. Default: 1. */
  clipNorm?: number;
  /** For initial weights and dropout. Default: another one each time; the model's config tells which. */
  seed?: Seed;
  /** A fraction of the end of the text, or a text of its own. Default: 0.1. */
  validation?: number | string;
  /** Measures the validation loss every so many steps, besides the end of an epoch. */
  validateEvery?: number;
  /** Where checkpoints are kept, at the end of training at least: a folder, another store, or a map. Default: nowhere. */
  checkpoints?: ModelStore | Map<string, Uint8Array>;
  /** Keeps one every so many steps as well. */
  checkpointEvery?: number;
  /**
   * Goes on from the newest checkpoint, where there is one: the same text and options give the very bits of a run that was never
   * interrupted. `epochs` and `steps` may differ. Default: false.
   */
  resume?: boolean;
  /** Told what is worth knowing and no error, such as a damaged checkpoint that was passed over. */
  onNotice?: (notice: string) => void;
  /** Called after every step. */
  onProgress?: (progress: LanguageModelProgress) => void;
  /** Ends training after the step at hand; the model is what it is by then, and its `history.interrupted` is true. */
  signal?: AbortSignal;
}

/** Options with their defaults filled in. */
export type ResolvedOptions = LanguageModelArchitecture &
  Required<Pick<LanguageModelOptions, "batchSize" | "sequenceLength" | "learningRate" | "clipNorm" | "seed" | "validation">> &
  Omit<LanguageModelOptions, keyof LanguageModelArchitecture>;

const WHERE = "LanguageModel.train";
const ARCHITECTURE = ["cell", "units", "layers", "embeddingUnits", "dropout"] as const;
const TRAINING = [
  "epochs",
  "steps",
  "batchSize",
  "sequenceLength",
  "learningRate",
  "clipNorm",
  "seed",
  "validation",
  "validateEvery",
  "checkpoints",
  "checkpointEvery",
  "resume",
  "onNotice",
  "onProgress",
  "signal",
] as const;

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range. */
export function resolveOptions(options: LanguageModelOptions): ResolvedOptions {
  checkKnown(WHERE, options, [...ARCHITECTURE, ...TRAINING]);
  for (const name of ["epochs", "steps", "validateEvery", "checkpointEvery"] as const) {
    if (options[name] !== undefined) checkCount(WHERE, name, options[name]);
  }
  if (!options.checkpoints && (options.resume || options.checkpointEvery !== undefined)) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${WHERE}: \`resume\` and \`checkpointEvery\` need \`checkpoints\`, a place for them.`,
    );
  }
  const { validation = 0.1 } = options;
  if (typeof validation === "number" && !(validation > 0 && validation < 1)) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${WHERE}: \`validation\` must be a text, or a fraction between 0 and 1, received ${validation}.`,
    );
  }
  return {
    ...options,
    ...checkArchitecture(WHERE, options),
    ...(options.epochs === undefined && options.steps === undefined ? { epochs: 10 } : {}),
    batchSize: checkCount(WHERE, "batchSize", options.batchSize ?? 32),
    sequenceLength: checkCount(WHERE, "sequenceLength", options.sequenceLength ?? 64),
    learningRate: checkRange(WHERE, "learningRate", options.learningRate ?? 3e-3, 0, Number.POSITIVE_INFINITY),
    clipNorm: checkRange(WHERE, "clipNorm", options.clipNorm ?? 1, Number.MIN_VALUE, Number.POSITIVE_INFINITY),
    seed: checkSeed(options.seed ?? freshSeed()),
    validation,
  };
}

function checkArchitecture(where: string, options: Partial<LanguageModelArchitecture>): LanguageModelArchitecture {
  const units = checkCount(where, "units", options.units ?? 256);
  return {
    cell: checkChoice(where, "cell", options.cell ?? "lstm", CELLS),
    units,
    layers: checkCount(where, "layers", options.layers ?? 1),
    embeddingUnits: checkCount(where, "embeddingUnits", options.embeddingUnits ?? Math.min(units, 128)),
    dropout: checkRate(where, "dropout", options.dropout ?? 0),
  };
}
