import { TOKEN_UNITS, type TokenUnit } from "../../data/text/tokenizer.js";
import { LEAST_PIECE_VOCABULARY } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import { checkChoice, checkCount, checkKnown, checkRate } from "../../layers/options.js";
import { CELLS, type CellName } from "../cell-name.js";
import { checkGivenPieces, type GivenPieces } from "../given-pieces.js";
import { type ResolvedTraining, resolveTraining, TRAINING_OPTIONS, type TrainingOptions } from "../training-options.js";
import { checkWordVectors, type GivenWordVectors, unitsOfVectors, WORD_VECTORS } from "../word-vectors.js";
import type { LanguageModelProgress } from "./progress.js";

/** What a language model is made of. */
export interface LanguageModelArchitecture {
  /** Default: lstm. */
  cell: CellName;
  /** Hidden units of a layer. Default: 256. */
  units: number;
  /** Stacked recurrent layers. Default: 1. */
  layers: number;
  /** Features of a token's vector. Default: those of `wordVectors`, or as many as units, at most 128; with `tieEmbeddings` as many as units. */
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
  /**
   * What is read and written one at a time: characters; words, numbers, punctuation marks and line breaks; or pieces of words, which are
   * learned from the text and tell every character of it (`trainPieces`). Default: char.
   */
  tokens: TokenUnit;
  /** Whether marks are words by themselves; false for a text whose words spaces part already, such as the Penn Treebank. Default: true. */
  splitPunctuation: boolean;
  /**
   * How often a token stands in the text at least; others are one unknown token. Default: 1. Of pieces, how often two stand side by side to become
   * one. Default: 2.
   */
  minimumCount: number;
  /**
   * How many tokens are learned at most, the most frequent ones, the unknown one counted too. Default: no limit; of pieces
   * `pieceVocabularySize` of the text's length.
   */
  vocabularySize: number | undefined;
}

/** How a language model is made and trained. By default in 10 epochs with a learning rate of 0.003. */
export interface LanguageModelOptions
  extends Partial<LanguageModelArchitecture>,
    Partial<LanguageModelTokens>,
    GivenPieces,
    GivenWordVectors,
    TrainingOptions<string, LanguageModelProgress> {
  /** Streams read side by side. Default: 32. */
  batchSize?: number;
  /** Steps that gradients reach back; states are carried on. Default: 64. */
  sequenceLength?: number;
  /** A fraction of the end of the text, or a text of its own. Default: 0.1. */
  validation?: number | string;
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
  ResolvedTraining<string, LanguageModelProgress> &
  GivenPieces &
  GivenWordVectors & { readonly sequenceLength: number };

const WHERE = "LanguageModel.train";
const ARCHITECTURE = ["cell", "units", "layers", "embeddingUnits", "dropout", "tieEmbeddings"] as const;
const TOKENS = ["tokens", "splitPunctuation", "minimumCount", "vocabularySize", "tokenizer", ...WORD_VECTORS] as const;
const DEFAULTS = { epochs: 10, batchSize: 32, learningRate: 3e-3 };

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range. */
export function resolveOptions(options: LanguageModelOptions): ResolvedOptions {
  checkKnown(WHERE, options, [...ARCHITECTURE, ...TOKENS, ...TRAINING_OPTIONS, "sequenceLength"]);
  const { tokens, minimumCount, vocabularySize } = options;
  checkGivenPieces(WHERE, options, tokens === "piece", 'tokens: "piece"', { minimumCount, vocabularySize });
  return {
    ...resolveTraining(WHERE, options, DEFAULTS, "a text"),
    ...checkArchitecture(WHERE, options),
    ...checkTokens(WHERE, options),
    sequenceLength: checkCount(WHERE, "sequenceLength", options.sequenceLength ?? 64),
  };
}

function checkArchitecture(where: string, options: LanguageModelOptions): LanguageModelArchitecture {
  const units = checkCount(where, "units", options.units ?? 256);
  const tieEmbeddings = options.tieEmbeddings ?? false;
  const given = checkWordVectors(where, options, options.tokens === "word");
  const fallback = tieEmbeddings ? units : Math.min(units, 128);
  const embeddingUnits = unitsOfVectors(where, "embeddingUnits", options.embeddingUnits, given, fallback);
  if (tieEmbeddings && embeddingUnits !== units) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${where}: \`tieEmbeddings\` needs embeddingUnits equal to units (${units}), received ${embeddingUnits}; ` +
        `${given === undefined ? "leave embeddingUnits out" : `set units: ${embeddingUnits}`}.`,
    );
  }
  return {
    cell: checkChoice(where, "cell", options.cell ?? "lstm", CELLS),
    units,
    layers: checkCount(where, "layers", options.layers ?? 1),
    embeddingUnits,
    dropout: checkRate(where, "dropout", options.dropout ?? 0),
    tieEmbeddings,
  };
}

function checkTokens(where: string, options: Partial<LanguageModelTokens>): LanguageModelTokens {
  const { tokens = "char", splitPunctuation = true, vocabularySize } = options;
  const { minimumCount = tokens === "piece" ? 2 : 1 } = options;
  if (!splitPunctuation && tokens !== "word") {
    throw new UnrolledError("UNROLLED_VALUE", `${where}: \`splitPunctuation: false\` is about words; set tokens: "word" too.`);
  }
  return {
    tokens: checkChoice(where, "tokens", tokens, TOKEN_UNITS),
    splitPunctuation,
    minimumCount: checkCount(where, "minimumCount", minimumCount),
    vocabularySize:
      vocabularySize === undefined
        ? undefined
        : checkCount(where, "vocabularySize", vocabularySize, tokens === "piece" ? LEAST_PIECE_VOCABULARY : 2),
  };
}
