import type { TokenUnit } from "../../data/text/tokenizer.js";
import { UnrolledError } from "../../errors.js";
import type { ModelStore } from "../../files/store.js";
import { checkChoice, checkCount, checkKnown, checkRate } from "../../layers/options.js";
import { checkSeed, freshSeed, type Seed } from "../../tensor/random.js";
import { checkRange, type Optimizer } from "../../training/optimizers/optimizer.js";
import type { Schedule } from "../../training/schedules/schedule.js";
import type { LanguageModelProgress } from "./progress.js";

export const TOKEN_UNITS = ["char", "word"] as const;
/** The cell of a language model: simple recurrent, long short-term memory, or gated recurrent unit. */
export type CellName = "rnn" | "lstm" | "gru";

export const CELLS: readonly CellName[] = ["rnn", "lstm", "gru"];

/** What a language model is made of. */
export interface LanguageModelArchitecture {
  /** Default: lstm. */
  cell: CellName;
  /** Hidden units of a layer. Default: 256. */
  units: number;
  /** Stacked recurrent layers. Default: 1. */
  layers: number;
  /** Features of a token's vector. Default: as many as units, at most 128; with `tieEmbeddings` as many as units. */
  embeddingUnits: number;
  /**
   * Whether the output layer's weights are the embedding's own (Press & Wolf 2017, Inan et al. 2017), which needs `embeddingUnits` equal to
   * `units`. Default: false.
   */
  tieEmbeddings: boolean;
  /** Dropout between layers and before the output. Default: 0. */
  dropout: number;
}

/** What a text is for a language model: its tokens, and those that it learns. */
export interface LanguageModelTokens {
  /** What is read and written one at a time: characters, or words, numbers, punctuation marks and line breaks. Default: char. */
  tokens: TokenUnit;
  /** Whether marks are words by themselves; false for a text whose words spaces part already, such as the Penn Treebank. Default: true. */
  splitPunctuation: boolean;
  /** How often a token stands in the text at least; others are one unknown token. Default: 1. */
  minimumCount: number;
  /** How many tokens are learned at most, the most frequent ones, the unknown one counted too. Default: no limit. */
  vocabularySize: number | undefined;
}

/** How a language model is made and trained. */
export interface LanguageModelOptions extends Partial<LanguageModelArchitecture>, Partial<LanguageModelTokens> {
  /** How often the text is gone through. Default: 10. */
  epochs?: number;
  /** Ends training after that many steps, whatever the epochs. Default: no limit. */
  steps?: number;
  /** Streams read side by side. Default: 32. */
  batchSize?: number;
  /** Steps that gradients reach back; states are carried on. Default: 64. */
  sequenceLength?: number;
  /** Of Adam; another optimizer brings its own. Default: 0.003. */
  learningRate?: number;
  /** Changes the weights, such as `sgd({ learningRate: 1 })`. Default: Adam. */
  optimizer?: Optimizer;
  /** What the learning rate is multiplied by at each step; whoever resumes gives the same. Default: 1. */
  schedule?: Schedule;
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
  /**
   * Trains in a worker of its own (of the page, or a thread of Node's), so that the page or server does its other work meanwhile, and on
   * all threads where the page is cross-origin isolated. The bits are the same; `progress.model` alone can't be asked for a sample.
   * Default: false.
   */
  worker?: boolean;
}

/** Options with their defaults filled in. */
export type ResolvedOptions = LanguageModelArchitecture &
  LanguageModelTokens &
  Required<Pick<LanguageModelOptions, "batchSize" | "sequenceLength" | "learningRate" | "clipNorm" | "seed" | "validation">> &
  Omit<LanguageModelOptions, keyof LanguageModelArchitecture | keyof LanguageModelTokens>;

const WHERE = "LanguageModel.train";
const ARCHITECTURE = ["cell", "units", "layers", "embeddingUnits", "dropout", "tieEmbeddings"] as const;
const TOKENS = ["tokens", "splitPunctuation", "minimumCount", "vocabularySize"] as const;
const TRAINING = [
  "epochs",
  "steps",
  "batchSize",
  "sequenceLength",
  "learningRate",
  "optimizer",
  "schedule",
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
  "worker",
] as const;

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range. */
export function resolveOptions(options: LanguageModelOptions): ResolvedOptions {
  checkKnown(WHERE, options, [...ARCHITECTURE, ...TOKENS, ...TRAINING]);
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
  if (options.optimizer && options.learningRate !== undefined) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${WHERE}: \`learningRate\` is Adam's; give it to the ${options.optimizer.name} in \`optimizer\` instead.`,
    );
  }
  return {
    ...options,
    ...checkArchitecture(WHERE, options),
    ...checkTokens(WHERE, options),
    ...(options.epochs === undefined && options.steps === undefined ? { epochs: 10 } : {}),
    batchSize: checkCount(WHERE, "batchSize", options.batchSize ?? 32),
    sequenceLength: checkCount(WHERE, "sequenceLength", options.sequenceLength ?? 64),
    learningRate: checkRange(
      WHERE,
      "learningRate",
      options.optimizer?.learningRate ?? options.learningRate ?? 3e-3,
      0,
      Number.POSITIVE_INFINITY,
    ),
    clipNorm: checkRange(WHERE, "clipNorm", options.clipNorm ?? 1, Number.MIN_VALUE, Number.POSITIVE_INFINITY),
    seed: checkSeed(options.seed ?? freshSeed()),
    validation,
  };
}

function checkArchitecture(where: string, options: Partial<LanguageModelArchitecture>): LanguageModelArchitecture {
  const units = checkCount(where, "units", options.units ?? 256);
  const tieEmbeddings = options.tieEmbeddings ?? false;
  const embeddingUnits = options.embeddingUnits ?? (tieEmbeddings ? units : Math.min(units, 128));
  if (tieEmbeddings && embeddingUnits !== units) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${where}: \`tieEmbeddings\` needs embeddingUnits equal to units (${units}), received ${embeddingUnits}; leave embeddingUnits out.`,
    );
  }
  return {
    cell: checkChoice(where, "cell", options.cell ?? "lstm", CELLS),
    units,
    layers: checkCount(where, "layers", options.layers ?? 1),
    embeddingUnits: checkCount(where, "embeddingUnits", embeddingUnits),
    dropout: checkRate(where, "dropout", options.dropout ?? 0),
    tieEmbeddings,
  };
}

function checkTokens(where: string, options: Partial<LanguageModelTokens>): LanguageModelTokens {
  const { tokens = "char", splitPunctuation = true, minimumCount = 1, vocabularySize } = options;
  if ((tokens as string) === "piece") {
    throw new UnrolledError("UNROLLED_VALUE", `${where}: pieces of words can't be learned yet; set tokens: "char" or "word".`);
  }
  if (!splitPunctuation && tokens !== "word") {
    throw new UnrolledError("UNROLLED_VALUE", `${where}: \`splitPunctuation: false\` is about words; set tokens: "word" too.`);
  }
  return {
    tokens: checkChoice(where, "tokens", tokens, TOKEN_UNITS),
    splitPunctuation,
    minimumCount: checkCount(where, "minimumCount", minimumCount),
    vocabularySize: vocabularySize === undefined ? undefined : checkCount(where, "vocabularySize", vocabularySize, 2),
  };
}
