import { codePointsOf, textOf } from "../../data/text/characters.js";
import { contiguousBatches } from "../../data/text/contiguous-batches.js";
import { nameOf, pieceVocabularySize, Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import type { ModelStore } from "../../files/store.js";
import type { TrainingHistory } from "../../training/history.js";
import { crossEntropy } from "../../training/losses/cross-entropy.js";
import { contentName, type TrainingIdentity } from "../checkpoints.js";
import { type PreparedTraining, type TrainingHooks, trainNetwork } from "../train-network.js";
import { startOfWords, trainedWordVectors, wordVectorsIdentity } from "../word-vectors.js";
import { evaluationBatches } from "./evaluation-batches.js";
import { languageModelNetwork } from "./network.js";
import { type LanguageModelOptions, type ResolvedOptions, resolveOptions } from "./options.js";
import type { LanguageModelParts, TrainedWith } from "./parts.js";
import { progressOf } from "./progress.js";
import type { Writer } from "./sampling.js";
import { splitCodePoints } from "./split.js";
import { writeLanguageModel } from "./stored.js";

/** A model whose training begins. */
export type BegunParts = Omit<LanguageModelParts, "history">;

/**
 * Trains on a text, here: `LanguageModel.train` and the worker that it may start both end up here.
 *
 * @param begin makes of the parts what `progress.model` is; the network is changed in place
 * @throws {UnrolledError} as `LanguageModel.train`.
 */
export async function trainLanguageModel<M extends Writer>(
  text: string,
  options: LanguageModelOptions,
  begin: (parts: BegunParts) => M,
  hooks?: TrainingHooks,
): Promise<{ model: M; history: TrainingHistory }> {
  resolveOptions(options);
  const prepare = (given: LanguageModelOptions) => prepared(text, resolveOptions(given), begin);
  const { prepared: made, history } = await trainNetwork(options, prepare, hooks);
  return { model: made.model, history };
}

/** The same for a worker, which nobody asks for samples. */
export async function trainAndSaveLanguageModel(
  text: string,
  options: LanguageModelOptions,
  store: ModelStore,
  hooks: TrainingHooks,
): Promise<void> {
  const begin = (parts: BegunParts) => ({ ...parts, sample: () => "" });
  const { model, history } = await trainLanguageModel(text, options, begin, hooks);
  await writeLanguageModel(store, { ...model, history });
}

function prepared<M extends Writer>(
  text: string,
  options: ResolvedOptions,
  begin: (parts: BegunParts) => M,
): PreparedTraining & { model: M } {
  const { vocabulary, vocabularySize, train, validation } = encodedParts(text, options);
  const batches = contiguousBatches(train, options);
  const { cell, units, layers, embeddingUnits, dropout, tieEmbeddings, batchSize, sequenceLength, learningRate, clipNorm } =
    options;
  const { tokens, splitPunctuation, minimumCount, seed, optimizer, patience } = options;
  const start = startOfWords("LanguageModel.train", vocabulary.symbols, options);
  const trainedWith: TrainedWith = {
    ...{ cell, units, layers, embeddingUnits, dropout, tieEmbeddings },
    ...{ tokens, splitPunctuation, minimumCount, ...(vocabularySize === undefined ? {} : { vocabularySize }) },
    ...trainedWordVectors(start),
    ...{ batchSize, sequenceLength, optimizer: optimizer.name, learningRate, clipNorm, seed },
    trainTokens: train.length,
    validationTokens: validation.length,
  };
  const network = languageModelNetwork(options, vocabulary.size, seed, start);
  const model = begin({ network, vocabulary, trainedWith });
  const tokensPerStep = batches[0]?.x.size ?? 0;
  return {
    model,
    options,
    network,
    data: batches,
    validation: evaluationBatches(validation, tokens),
    loss: crossEntropy(),
    identity: identityOf(
      {
        ...trainedWith,
        ...(patience === undefined ? {} : { patience }),
        ...wordVectorsIdentity(start),
      },
      vocabulary,
      [train, validation],
    ),
    onProgress: (progress) => options.onProgress?.(progressOf(progress, tokens, tokensPerStep, model)),
  };
}

interface EncodedParts {
  readonly vocabulary: Vocabulary;
  /** How many tokens it has at most, where that is limited. */
  readonly vocabularySize: number | undefined;
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

function encodedParts(text: string, options: ResolvedOptions): EncodedParts {
  const { tokens, sequenceLength } = options;
  const parts = partsOf(text, options);
  const name = nameOf(tokens);
  const of = (points: Int32Array) => (tokens === "char" ? points : textOf(points));
  const enough = (length: number) => {
    if (length > sequenceLength) return;
    throw new UnrolledError(
      "UNROLLED_DATA",
      `LanguageModel.train: the text to train on must be longer than one sequence of ${sequenceLength} ${name}s, received ` +
        `${length}; give more text, or set sequenceLength.`,
    );
  };
  // words are no more than characters, and pieces no more than bytes
  if (tokens !== "piece") enough(parts.train.length);
  const { vocabulary, vocabularySize } = vocabularyOf(of(parts.train), options);
  const train = vocabulary.encode(of(parts.train));
  enough(train.length);
  const validation = vocabulary.encode(of(parts.validation));
  if (validation.length < 2) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `LanguageModel.train: the text to validate on must have at least 2 ${name}s, received ${validation.length}.`,
    );
  }
  return { vocabulary, vocabularySize, train, validation };
}

function vocabularyOf(text: string | Int32Array, options: ResolvedOptions): Pick<EncodedParts, "vocabulary" | "vocabularySize"> {
  const { tokens, tokenizer, splitPunctuation, minimumCount } = options;
  if (tokenizer) {
    return { vocabulary: new Vocabulary(tokenizer), vocabularySize: undefined };
  }
  const vocabularySize = options.vocabularySize ?? (tokens === "piece" ? pieceVocabularySize(text.length) : undefined);
  const size = vocabularySize === undefined ? {} : { size: vocabularySize };
  return { vocabulary: Vocabulary.of(text, { tokens, splitPunctuation, minimumCount, ...size }), vocabularySize };
}

function partsOf(text: string, { validation, tokens }: ResolvedOptions): { train: Int32Array; validation: Int32Array } {
  const points = codePointsOf(text);
  if (typeof validation === "string") return { train: points, validation: codePointsOf(validation) };
  return splitCodePoints(points, validation, tokens);
}

/** What decides the bits besides the position: the text and the options. */
function identityOf(trainedWith: object, { symbols }: Vocabulary, parts: readonly Int32Array[]): TrainingIdentity {
  const entries = Object.entries(trainedWith).map(([name, value]) => [name, String(value)]);
  const known = codePointsOf(symbols.join("\n"));
  return { task: "language-model", ...Object.fromEntries(entries), text: contentName([known, ...parts]) };
}
