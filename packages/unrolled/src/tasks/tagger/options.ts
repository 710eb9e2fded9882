import type { Data } from "../../data/data.js";
import { LEAST_PIECE_VOCABULARY } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import { MERGES, type Merge } from "../../layers/merge.js";
import { checkChoice, checkCount, checkKnown, checkRate } from "../../layers/options.js";
import { CELLS, type CellName } from "../cell-name.js";
import { checkGivenPieces, type GivenPieces } from "../given-pieces.js";
import { type ResolvedTraining, resolveTraining, TRAINING_OPTIONS, type TrainingOptions } from "../training-options.js";
import { checkWordVectors, type GivenWordVectors, unitsOfVectors, WORD_VECTORS } from "../word-vectors.js";
import type { TaggerExample } from "./examples.js";

/** What a word is read by beside its own vector. */
export type SpellingName = "characters" | "pieces" | "none";
export const SPELLINGS: readonly SpellingName[] = ["characters", "pieces", "none"];

/** What a tagger is made of. */
export interface TaggerArchitecture {
  /** Of the words, and of the characters or pieces in them. Default: lstm. */
  cell: CellName;
  /** Hidden units of a layer, in each direction. Default: 128. */
  units: number;
  /** Stacked recurrent layers. Default: 1. */
  layers: number;
  /** How both directions are merged; false reads forward only. Default: concat. */
  bidirectional: Merge | false;
  /** Whether a conditional random field ends the network, which judges a sentence's tags together. Default: where tags mark entities. */
  crf: boolean;
  /** Features of a word's own vector. Default: those of `wordVectors`, or 64. */
  wordUnits: number;
  /** Hidden units that read a word's characters or pieces, in each direction; 0 reads words without them. Default: 25. */
  characterUnits: number;
  /** Dropout before, between and behind the recurrent layers. Default: 0.5. */
  dropout: number;
  /** Probability that a word is read as unknown in training (where words are read alone: left out). Default: 0.05. */
  wordDropout: number;
}

/** Which words a tagger knows, and how it reads them. */
export interface TaggerWords {
  /**
   * How often a word stands in the training data at least; others are one unknown word, and their spelling must do. Default: 2, with
   * `wordVectors` 1.
   */
  minimumCount: number;
  /** Whether words are looked up in small letters; characters and pieces keep their case. Default: true. */
  lowercase: boolean;
  /**
   * What a word is read by beside its own vector, so that one that is not known may be told by it: the characters in it, pieces of it that
   * are learned from the training data's words (`trainPieces`), or nothing. Default: characters; none where `characterUnits` is 0.
   */
  spelling: SpellingName;
}

/**
 * How a tagger is made and trained. By default in at most 20 epochs with 32 sentences a step, which end where the validation data got no better for
 * 3; of fewer than 1,000 sentences in at most 60, with 8 a step, and 8. The learning rate is 0.003. What is watched is the F1 of whole entities where tags
 * mark them (in IOB1, IOB2 or BIOES), since most tokens are outside of any and accuracy hardly tells; else it is the accuracy.
 */
export interface TaggerOptions
  extends Partial<TaggerArchitecture>,
    Partial<TaggerWords>,
    GivenPieces,
    GivenWordVectors,
    TrainingOptions<Data<TaggerExample>> {
  /** How many pieces are learned at most, where `spelling` is pieces. Default: 500 to 8,000 by the length of the words. */
  vocabularySize?: number;
  /** Examples in memory at a time, out of which they are drawn in a random order, where the data is a function. Default: 10,000. */
  shuffleBuffer?: number;
}

/** Options with their defaults filled in; whether there is a field may depend on the tags. */
export type ResolvedOptions = Omit<TaggerArchitecture, "crf"> &
  TaggerWords &
  GivenPieces &
  GivenWordVectors &
  ResolvedTraining<Data<TaggerExample>> & {
    readonly crf: boolean | undefined;
    readonly vocabularySize: number | undefined;
    readonly shuffleBuffer: number;
  };

const WHERE = "Tagger.train";
const ARCHITECTURE = [
  "cell",
  "units",
  "layers",
  "bidirectional",
  "crf",
  "wordUnits",
  "characterUnits",
  "dropout",
  "wordDropout",
] as const;
const WORDS = ["minimumCount", "lowercase", "spelling", "vocabularySize", "tokenizer", ...WORD_VECTORS] as const;
/** Below so many sentences, more epochs of smaller steps are needed to come to as many steps. */
const SMALL = 1000;
const DEFAULTS = { epochs: 20, batchSize: 32, learningRate: 3e-3, patience: 3 };
const DEFAULTS_OF_SMALL = { epochs: 60, batchSize: 8, learningRate: 3e-3, patience: 8 };

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range, whatever the data. */
export function checkOptions(options: TaggerOptions): void {
  resolveOptions(options, 1);
}

/**
 * @param examples how many there are to train on
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function resolveOptions(options: TaggerOptions, examples: number): ResolvedOptions {
  checkKnown(WHERE, options, [...ARCHITECTURE, ...WORDS, ...TRAINING_OPTIONS, "shuffleBuffer"]);
  const vectorUnits = checkWordVectors(WHERE, options, true);
  return {
    ...resolveTraining(WHERE, options, examples < SMALL ? DEFAULTS_OF_SMALL : DEFAULTS, "examples"),
    cell: checkChoice(WHERE, "cell", options.cell ?? "lstm", CELLS),
    units: checkCount(WHERE, "units", options.units ?? 128),
    layers: checkCount(WHERE, "layers", options.layers ?? 1),
    bidirectional: checkDirections(options.bidirectional ?? "concat"),
    crf: options.crf === undefined ? undefined : checkBoolean("crf", options.crf),
    wordUnits: unitsOfVectors(WHERE, "wordUnits", options.wordUnits, vectorUnits, 64),
    ...checkSpelling(options),
    dropout: checkRate(WHERE, "dropout", options.dropout ?? 0.5),
    wordDropout: checkRate(WHERE, "wordDropout", options.wordDropout ?? 0.05),
    minimumCount: checkCount(WHERE, "minimumCount", options.minimumCount ?? (vectorUnits === undefined ? 2 : 1)),
    lowercase: checkBoolean("lowercase", options.lowercase ?? true),
    shuffleBuffer: checkCount(WHERE, "shuffleBuffer", options.shuffleBuffer ?? 10_000),
  };
}

function checkSpelling(options: TaggerOptions): Pick<ResolvedOptions, "spelling" | "characterUnits" | "vocabularySize"> {
  const { vocabularySize } = options;
  const spelling = checkChoice(
    WHERE,
    "spelling",
    options.spelling ?? (options.characterUnits === 0 ? "none" : "characters"),
    SPELLINGS,
  );
  const isOfPieces = spelling === "pieces";
  const characterUnits = checkCount(WHERE, "characterUnits", options.characterUnits ?? (spelling === "none" ? 0 : 25), 0);
  if ((characterUnits === 0) !== (spelling === "none")) {
    const mend = spelling === "none" ? 'spelling: "none"' : "characterUnits: 0";
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${WHERE}: \`characterUnits\` read a word's characters or pieces, received ${characterUnits} with spelling ${spelling}; leave ${mend} out.`,
    );
  }
  checkGivenPieces(WHERE, options, isOfPieces, 'spelling: "pieces"', { vocabularySize });
  if (vocabularySize !== undefined && !isOfPieces) {
    throw new UnrolledError("UNROLLED_VALUE", `${WHERE}: \`vocabularySize\` is about pieces; set spelling: "pieces" too.`);
  }
  return {
    ...{ spelling, characterUnits },
    vocabularySize:
      vocabularySize === undefined ? undefined : checkCount(WHERE, "vocabularySize", vocabularySize, LEAST_PIECE_VOCABULARY),
  };
}

function checkDirections(value: Merge | false): Merge | false {
  return value === false ? false : checkChoice(WHERE, "bidirectional", value, MERGES);
}

function checkBoolean(name: string, value: boolean): boolean {
  if (typeof value === "boolean") return value;
  throw new UnrolledError("UNROLLED_VALUE", `${WHERE}: \`${name}\` must be true or false, received ${JSON.stringify(value)}.`);
}
