import { codePointsOf, textOf } from "../../data/text/characters.js";
import { contiguousBatches } from "../../data/text/contiguous-batches.js";
import { nameOf, Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import { asStore, type ModelStore } from "../../files/store.js";
import { fit } from "../../training/fit.js";
import type { TrainingHistory } from "../../training/history.js";
import { crossEntropy } from "../../training/losses/cross-entropy.js";
import { adam } from "../../training/optimizers/adam.js";
import { Checkpoints, contentName, type FoundCheckpoint, newestCheckpoint, type TrainingIdentity } from "../checkpoints.js";
import type { TrainingLength } from "../worker/schedule.js";
import { evaluationBatches } from "./evaluation-batches.js";
import { languageModelNetwork } from "./network.js";
import { type LanguageModelOptions, type ResolvedOptions, resolveOptions } from "./options.js";
import type { LanguageModelParts, TrainedWith } from "./parts.js";
import { progressOf } from "./progress.js";
import type { Writer } from "./sampling.js";
import { splitCodePoints } from "./split.js";

/** A model whose training begins. */
export type BegunParts = Omit<LanguageModelParts, "history">;

/** Makes of the parts what is trained: its network is changed in place. */
export type Begin<M extends Writer> = (parts: BegunParts, length: TrainingLength) => M | Promise<M>;

/**
 * Trains on a text, here: `LanguageModel.train` and the worker that it may start both end up here.
 *
 * @throws {UnrolledError} as `LanguageModel.train`.
 */
export async function trainLanguageModel<M extends Writer>(
  text: string,
  options: LanguageModelOptions,
  begin: Begin<M>,
): Promise<{ model: M; history: TrainingHistory }> {
  const resolved = resolveOptions(options);
  const store = resolved.checkpoints && asStore(resolved.checkpoints);
  const release = await store?.hold?.();
  try {
    const found = store && resolved.resume ? await newestCheckpoint(store, resolved.onNotice ?? (() => undefined)) : undefined;
    const seed = options.seed === undefined && found ? Number(found.identity.seed) : resolved.seed;
    return await trainModel(text, { ...resolved, seed }, begin, store, found);
  } finally {
    await release?.();
  }
}

async function trainModel<M extends Writer>(
  text: string,
  options: ResolvedOptions,
  begin: Begin<M>,
  store: ModelStore | undefined,
  resumeFrom: FoundCheckpoint | undefined,
): Promise<{ model: M; history: TrainingHistory }> {
  const { vocabulary, train, validation } = encodedParts(text, options);
  const batches = contiguousBatches(train, options);
  const { cell, units, layers, embeddingUnits, dropout, tieEmbeddings, batchSize, sequenceLength, learningRate, clipNorm } =
    options;
  const { tokens, splitPunctuation, minimumCount, vocabularySize, seed } = options;
  const optimizer = options.optimizer ?? adam({ learningRate });
  const trainedWith: TrainedWith = {
    ...{ cell, units, layers, embeddingUnits, dropout, tieEmbeddings },
    ...{ tokens, splitPunctuation, minimumCount, ...(vocabularySize === undefined ? {} : { vocabularySize }) },
    ...{ batchSize, sequenceLength, optimizer: optimizer.name, learningRate, clipNorm, seed },
    trainTokens: train.length,
    validationTokens: validation.length,
  };
  const network = languageModelNetwork(options, vocabulary.size, seed);
  const model = await begin({ network, vocabulary, trainedWith }, lengthOf(batches.length, options));
  const checkpoints = store && new Checkpoints(store, identityOf(trainedWith, vocabulary, [train, validation]), resumeFrom);
  const tokensPerStep = batches[0]?.x.size ?? 0;
  const history = await fit(network, batches, {
    loss: crossEntropy(),
    optimizer,
    clipNorm,
    validation: evaluationBatches(validation, tokens),
    ...present(options, ["schedule", "epochs", "steps", "validateEvery", "checkpointEvery", "signal"]),
    ...(checkpoints ? { onCheckpoint: (checkpoint) => checkpoints.save(checkpoint) } : {}),
    ...(resumeFrom ? { resumeFrom } : {}),
    onProgress: (progress) => options.onProgress?.(progressOf(progress, tokens, tokensPerStep, model)),
  });
  return { model, history };
}

function lengthOf(stepsInEpoch: number, { epochs, steps }: ResolvedOptions): TrainingLength {
  const most = Number.POSITIVE_INFINITY;
  return { stepsInEpoch, steps: Math.min((epochs ?? most) * stepsInEpoch, steps ?? most) };
}

interface EncodedParts {
  readonly vocabulary: Vocabulary;
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

function encodedParts(text: string, options: ResolvedOptions): EncodedParts {
  const { tokens, splitPunctuation, minimumCount, vocabularySize, sequenceLength } = options;
  const parts = partsOf(text, options);
  const name = nameOf(tokens);
  const size = vocabularySize === undefined ? {} : { size: vocabularySize };
  const of = (points: Int32Array) => (tokens === "char" ? points : textOf(points));
  const enough = (length: number) => {
    if (length > sequenceLength) return;
    throw new UnrolledError(
      "UNROLLED_DATA",
      `LanguageModel.train: the text to train on must be longer than one sequence of ${sequenceLength} ${name}s, received ` +
        `${length}; give more text, or set sequenceLength.`,
    );
  };
  // words are no more than characters
  enough(parts.train.length);
  const vocabulary = Vocabulary.of(of(parts.train), { tokens, splitPunctuation, minimumCount, ...size });
  const train = vocabulary.encode(of(parts.train));
  enough(train.length);
  const validation = vocabulary.encode(of(parts.validation));
  if (validation.length < 2) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `LanguageModel.train: the text to validate on must have at least 2 ${name}s, received ${validation.length}.`,
    );
  }
  return { vocabulary, train, validation };
}

function partsOf(text: string, { validation, tokens }: ResolvedOptions): { train: Int32Array; validation: Int32Array } {
  const points = codePointsOf(text);
  if (typeof validation === "string") return { train: points, validation: codePointsOf(validation) };
  return splitCodePoints(points, validation, tokens);
}

/** What decides the bits besides the position: the text and the options. */
function identityOf(trainedWith: TrainedWith, { symbols }: Vocabulary, parts: readonly Int32Array[]): TrainingIdentity {
  const entries = Object.entries(trainedWith).map(([name, value]) => [name, String(value)]);
  const known = codePointsOf(symbols.join("\n"));
  return { task: "language-model", ...Object.fromEntries(entries), text: contentName([known, ...parts]) };
}

function present<O extends object, K extends keyof O>(options: O, names: readonly K[]): { [N in K]?: Exclude<O[N], undefined> } {
  const given = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(given) as { [N in K]?: Exclude<O[N], undefined> };
}
