import type { Data } from "../../data/data.js";
import { TOKEN_UNITS, type TokenUnit } from "../../data/text/tokenizer.js";
import { LEAST_PIECE_VOCABULARY } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import { checkChoice, checkCount, checkKnown, checkPositive, checkRate } from "../../layers/options.js";
import { CELLS, type CellName } from "../cell-name.js";
import { checkGivenPieces, type GivenPieces } from "../given-pieces.js";
import { SCALINGS, type Scaling } from "../running-moments.js";
import { type ResolvedTraining, resolveTraining, TRAINING_OPTIONS, type TrainingOptions } from "../training-options.js";
import { checkWordVectors, type GivenWordVectors, unitsOfVectors, WORD_VECTORS } from "../word-vectors.js";
import { type DataSize, defaultsFor } from "./defaults.js";
import { type ClassifierExample, INPUT_NAMES, type InputName } from "./examples.js";

/** How the steps of a sequence become one. */
export type PoolingName = "last" | "mean" | "max" | "attention";
export const POOLINGS: readonly PoolingName[] = ["last", "mean", "max", "attention"];

/** What a classifier is made of. For rows it is a dense network with relu: of these `units`, `layers` and `dropout`. */
export interface ClassifierArchitecture {
  /** Of texts and sequences. Default: lstm. */
  cell: CellName;
  /** Hidden units of a layer, of each direction. Default: by the size of the data, 32 to 256. */
  units: number;
  /** Stacked layers. Default: 1; for rows 2. */
  layers: number;
  /** Reads texts and sequences in both directions. Default: true. */
  bidirectional: boolean;
  /** How the steps become one: the last one's state, their mean, their maximum, or attention (Yang et al. 2016). Default: max. */
  pooling: PoolingName;
  /** Features of a token's vector. Default: those of `wordVectors`, or as many as units. */
  embeddingUnits: number;
  /** Hidden units that read the characters of a word, of each direction, where `tokens` is `both`. Default: 25. */
  characterUnits: number;
  /** Dropout between layers. Default: 0; for rows by the size of the data. */
  dropout: number;
  /** Dropout of whole words: probability that a token is left out, wherever in a batch (Gal & Ghahramani 2016). Default: 0. */
  embeddingDropout: number;
  /** Dropout on what the first recurrent layer reads, one mask a sequence. Default: by the size of the data. */
  inputDropout: number;
  /** Dropout on the state where it enters the recurrent product, one mask a sequence. Default: 0. */
  recurrentDropout: number;
  /** Dropout before the output layer. Default: by the size of the data. */
  outputDropout: number;
}

/** How texts become tokens, and which are learned. */
export interface ClassifierTokens {
  /**
   * What a text is read as: words, characters, `both` (words with the characters inside each), or pieces of words that are learned from the
   * training texts (`trainPieces`). Default: word.
   */
  tokens: TokenUnit | "both";
  /** Whether upper case is read as lower case. Default: true for words. */
  lowerCase: boolean;
  /**
   * How often a token stands in the training texts at least; others are one unknown token. Default: 1. Of pieces, how often two stand side by side to
   * become one. Default: 2.
   */
  minimumCount: number;
  /** How many tokens are learned at most, the most frequent ones, the unknown one counted too. Default: 30,000; of pieces 500 to 8,000 by the length of the texts. */
  vocabularySize: number | undefined;
}

/** How a classifier is made and trained. What isn't given is chosen by the kind and size of the data. */
export interface ClassifierOptions
  extends Partial<ClassifierArchitecture>,
    Partial<ClassifierTokens>,
    GivenPieces,
    GivenWordVectors,
    TrainingOptions<Data<ClassifierExample>> {
  /** What the inputs are. Default: text for texts, row for records, sequence for arrays; say `row` where an array of numbers has no order. */
  input?: InputName;
  /**
   * How numbers of sequences and rows are scaled, by the training data alone: `each` variable or column by its own mean and standard
   * deviation, all `together` by one, as pixels should be, of which some hardly vary, or `none`. Default: each.
   */
  scaling?: Scaling;
  /** What each class counts for in training: by label, or `balanced`, as if all were equally frequent. Default: 1 each. */
  classWeights?: Readonly<Record<string, number>> | "balanced";
  /** How much of a target's probability is spread over all classes (Szegedy et al. 2016), from 0 to below 1. Default: 0. */
  labelSmoothing?: number;
  /** What `patience` watches on the validation data. Default: loss. */
  watch?: "loss" | "accuracy";
  /** Examples in memory at a time where the data is a function: as far as they are shuffled. Default: 10,000. */
  shuffleBuffer?: number;
}

const WHERE = "Classifier.train";
const ARCHITECTURE = [
  ...["cell", "units", "layers", "bidirectional", "pooling", "embeddingUnits", "characterUnits"],
  ...["dropout", "embeddingDropout", "inputDropout", "recurrentDropout", "outputDropout"],
];
const TOKENS = ["tokens", "lowerCase", "minimumCount", "vocabularySize", "tokenizer", ...WORD_VECTORS];
const OWN = ["input", "scaling", "classWeights", "labelSmoothing", "watch", "shuffleBuffer"];
/** Options that say something of texts and sequences alone, and of texts alone. */
const RECURRENT = ["cell", "bidirectional", "pooling", "inputDropout", "recurrentDropout", "outputDropout"];
const OF_TEXT = ["embeddingUnits", "characterUnits", "embeddingDropout", ...TOKENS];

/** Options with their defaults filled in. */
export type ResolvedOptions = ClassifierArchitecture &
  ResolvedTraining<Data<ClassifierExample>> &
  GivenWordVectors &
  Required<Pick<ClassifierOptions, "input" | "labelSmoothing" | "watch" | "shuffleBuffer">> &
  Pick<ClassifierOptions, "classWeights">;

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown, out of range, or says nothing of such inputs. */
export function checkOptions(options: ClassifierOptions): void {
  checkKnown(WHERE, options, [...ARCHITECTURE, ...TOKENS, ...OWN, ...TRAINING_OPTIONS]);
  resolveOptions(options, { input: options.input ?? "text", examples: 1 });
  resolveTokens(options);
  const { tokens, minimumCount, vocabularySize } = options;
  checkGivenPieces(WHERE, options, tokens === "piece", 'tokens: "piece"', { minimumCount, vocabularySize });
  if (options.scaling !== undefined) checkChoice(WHERE, "scaling", options.scaling, SCALINGS);
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is out of range, or says nothing of such tokens. */
export function resolveTokens(options: ClassifierOptions): ClassifierTokens {
  const unit = checkChoice(WHERE, "tokens", options.tokens ?? "word", [...TOKEN_UNITS, "both"]);
  if (options.characterUnits !== undefined && unit !== "both") {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${WHERE}: \`characterUnits\` is for words with their characters, and the tokens are ${unit}; leave it out, or set tokens: "both".`,
    );
  }
  const isPiece = unit === "piece";
  const { minimumCount = isPiece ? 2 : 1, vocabularySize = isPiece ? undefined : 30_000 } = options;
  return {
    tokens: unit,
    lowerCase: options.lowerCase ?? (unit === "word" || unit === "both"),
    minimumCount: checkCount(WHERE, "minimumCount", minimumCount),
    vocabularySize:
      vocabularySize === undefined
        ? undefined
        : checkCount(WHERE, "vocabularySize", vocabularySize, isPiece ? LEAST_PIECE_VOCABULARY : 2),
  };
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that says nothing of such inputs. */
export function checkFor(options: ClassifierOptions, input: InputName): void {
  const { dropout = 0, layers = 1 } = options;
  if (input !== "row" && dropout > 0 && layers === 1) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${WHERE}: \`dropout\` acts between stacked layers, received ${dropout} for one layer; set layers: 2, or outputDropout: ${dropout}.`,
    );
  }
  const useless = { text: ["scaling"], sequence: OF_TEXT, row: [...OF_TEXT, ...RECURRENT] }[input];
  const given = useless.find((name) => options[name as keyof ClassifierOptions] !== undefined);
  if (given === undefined) return;
  const whose = given === "scaling" ? "numbers" : OF_TEXT.includes(given) ? "texts" : "texts and sequences";
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${WHERE}: \`${given}\` is for ${whose}, and the inputs are ${input}s; leave it out.`,
  );
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is out of range. */
export function resolveOptions(options: ClassifierOptions, size: DataSize): ResolvedOptions {
  const defaults = defaultsFor(size);
  const { classWeights, tokens = "word" } = options;
  const rate = (name: "dropout" | "embeddingDropout" | "inputDropout" | "recurrentDropout" | "outputDropout") =>
    checkRate(WHERE, name, options[name] ?? defaults[name]);
  const units = checkCount(WHERE, "units", options.units ?? defaults.units);
  if (classWeights !== undefined && classWeights !== "balanced") {
    for (const [label, weight] of Object.entries(classWeights)) checkPositive(WHERE, `classWeights.${label}`, weight);
  }
  return {
    ...resolveTraining(WHERE, options, defaults, "examples"),
    input: checkChoice(WHERE, "input", size.input, INPUT_NAMES),
    cell: checkChoice(WHERE, "cell", options.cell ?? defaults.cell, CELLS),
    units,
    layers: checkCount(WHERE, "layers", options.layers ?? defaults.layers),
    bidirectional: options.bidirectional ?? true,
    pooling: checkChoice(WHERE, "pooling", options.pooling ?? "max", POOLINGS),
    embeddingUnits: unitsOfVectors(
      WHERE,
      "embeddingUnits",
      options.embeddingUnits,
      checkWordVectors(WHERE, options, tokens === "word" || tokens === "both", 'tokens: "word" or "both"'),
      units,
    ),
    characterUnits: checkCount(WHERE, "characterUnits", options.characterUnits ?? 25),
    dropout: rate("dropout"),
    embeddingDropout: rate("embeddingDropout"),
    inputDropout: rate("inputDropout"),
    recurrentDropout: rate("recurrentDropout"),
    outputDropout: rate("outputDropout"),
    labelSmoothing: checkRate(WHERE, "labelSmoothing", options.labelSmoothing ?? 0),
    watch: checkChoice(WHERE, "watch", options.watch ?? "loss", ["loss", "accuracy"]),
    shuffleBuffer: checkCount(WHERE, "shuffleBuffer", options.shuffleBuffer ?? 10_000),
    ...(classWeights === undefined ? {} : { classWeights }),
  };
}
