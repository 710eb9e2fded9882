import type { Data } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import { checksum } from "../../files/checksum.js";
import type { ModelStore } from "../../files/store.js";
import { freshSeed } from "../../tensor/random.js";
import type { Batch } from "../../training/batch.js";
import { binaryCrossEntropy } from "../../training/losses/binary-cross-entropy.js";
import { crossEntropy } from "../../training/losses/cross-entropy.js";
import type { Loss } from "../../training/losses/loss.js";
import { accuracy, binaryAccuracy } from "../../training/metrics/accuracy.js";
import { measuringBatches, trainingBatches } from "../example-batches.js";
import { taskProgress } from "../progress.js";
import { type PreparedTraining, type TrainingHooks, trainNetwork } from "../train-network.js";
import { startOfWords, type TrainedWordVectors, trainedWordVectors, wordVectorsIdentity } from "../word-vectors.js";
import type { Encoded } from "./encoded-examples.js";
import type { ClassifierExample } from "./examples.js";
import type { EncodedInput, InputForm } from "./input-form.js";
import type { Labels } from "./labels.js";
import { classifierNetwork } from "./network.js";
import { type ClassifierOptions, checkOptions, type ResolvedOptions, resolveOptions } from "./options.js";
import type { ClassifierParts, ClassifierTrainedWith } from "./parts.js";
import { SpelledTextInput } from "./spelled-text-input.js";
import { writeClassifier } from "./stored.js";
import { survey } from "./survey.js";
import { TextInput } from "./text-input.js";

/** Nats by which the validation loss must get better to count: less is no better answer, however long one waits for it. */
const LEAST_GAIN = 1e-3;

/**
 * Trains on examples, here: `Classifier.train` and the worker that it may start both end up here.
 *
 * @throws {UnrolledError} as `Classifier.train`.
 */
export async function trainClassifier(
  examples: Data<ClassifierExample>,
  options: ClassifierOptions,
  hooks?: TrainingHooks,
): Promise<ClassifierParts> {
  checkOptions(options);
  const { prepared: made, history } = await trainNetwork(options, (given) => prepared(examples, given), hooks);
  return { ...made.parts, history };
}

/** The same for a worker. */
export async function trainAndSaveClassifier(
  examples: Data<ClassifierExample>,
  options: ClassifierOptions,
  store: ModelStore,
  hooks: TrainingHooks,
): Promise<void> {
  await writeClassifier(store, await trainClassifier(examples, options, hooks));
}

async function prepared(
  examples: Data<ClassifierExample>,
  given: ClassifierOptions,
): Promise<PreparedTraining & { parts: Omit<ClassifierParts, "history"> }> {
  const seed = given.seed ?? freshSeed();
  const { form, labels, labelCounts, train, held, counts } = await survey(examples, { ...given, seed });
  const options = resolveOptions({ ...given, seed }, { input: form.name, examples: counts.train });
  const classWeights = weightsOf(labels, labelCounts, options);
  const start = startOfWords("Classifier.train", symbolsOf(form), options);
  const trainedWith = trainedWithOf(options, labels, classWeights, counts, trainedWordVectors(start));
  const network = classifierNetwork(options, form, labels.size, seed, start);
  const { batchSize, shuffleBuffer, watch, labelSmoothing, patience } = options;
  const making = {
    batchSize,
    lengthOf: ({ input }: Encoded) => form.lengthOf(input),
    batchOf: (some: readonly Encoded[]) => batchOf(form, labels, some, labelSmoothing),
  };
  const identity = {
    ...{ task: "classifier", watch, patience: String(patience), shuffleBuffer: String(shuffleBuffer) },
    ...Object.fromEntries(Object.entries(trainedWith).map(([name, value]) => [name, JSON.stringify(value)])),
    seed: String(seed),
    ...wordVectorsIdentity(start),
    data: contentOf(form, labels, labelCounts, train),
  };
  return {
    options,
    network,
    ...trainingBatches(train, { ...making, seed, shuffleBuffer }),
    validation: measuringBatches(held, making),
    loss: lossOf(labels, classWeights, options),
    metrics: [labels.several ? binaryAccuracy() : accuracy()],
    watched: { metric: watch, minDelta: watch === "loss" ? LEAST_GAIN : 0 },
    identity,
    onProgress: (progress) => options.onProgress?.(taskProgress(progress, batchSize)),
    parts: { network, form, labels, labelCounts, trainedWith },
  };
}

/** Inputs and targets side by side. */
function batchOf(form: InputForm, labels: Labels, some: readonly Encoded[], smoothing: number): Batch {
  return {
    ...form.batchOf(some.map(({ input }) => input)),
    y: labels.targets(
      some.map((example) => example.labels),
      smoothing,
    ),
  };
}

function lossOf({ several }: Labels, classWeights: number[] | undefined, { labelSmoothing }: ResolvedOptions): Loss {
  if (several) return binaryCrossEntropy();
  return crossEntropy({ labelSmoothing, ...(classWeights ? { classWeights } : {}) });
}

/** By the order of labels; of `balanced` examples / (labels · count), as scikit-learn has it. */
function weightsOf(
  { names, several }: Labels,
  counts: readonly number[],
  { classWeights }: ResolvedOptions,
): number[] | undefined {
  if (classWeights === undefined) return undefined;
  if (several) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      "Classifier.train: `classWeights` is for one label an example, and here each may have several; leave it out.",
    );
  }
  if (classWeights === "balanced") {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => total / (names.length * Math.max(1, count)));
  }
  const unknown = Object.keys(classWeights).find((name) => !names.includes(name));
  if (unknown === undefined) return names.map((name) => classWeights[name] ?? 1);
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `Classifier.train: \`classWeights\` has ${JSON.stringify(unknown)}, which is no label of the data; they are ${names.join(", ")}.`,
  );
}

function trainedWithOf(
  options: ResolvedOptions,
  { names }: Labels,
  weights: readonly number[] | undefined,
  counts: { train: number; held: number },
  vectors: TrainedWordVectors,
): ClassifierTrainedWith {
  const { cell, units, layers, bidirectional, pooling, embeddingUnits, characterUnits } = options;
  const { dropout, embeddingDropout, inputDropout, recurrentDropout, outputDropout } = options;
  const { labelSmoothing, batchSize, optimizer, learningRate, clipNorm, seed } = options;
  const classWeights = weights && Object.fromEntries(names.map((name, place) => [name, weights[place] as number]));
  return {
    ...{ cell, units, layers, bidirectional, pooling, embeddingUnits, characterUnits, ...vectors },
    ...{ dropout, embeddingDropout, inputDropout, recurrentDropout, outputDropout },
    ...{ labelSmoothing, ...(classWeights ? { classWeights } : {}) },
    ...{ batchSize, optimizer: optimizer.name, learningRate, clipNorm, seed },
    ...{ trainExamples: counts.train, validationExamples: counts.held },
  };
}

/** Names the data: by all of it where it is in memory, else by what was seen of it. */
function contentOf(form: InputForm, labels: Labels, counts: readonly number[], train: Data<Encoded>): string {
  const about = JSON.stringify([form.toJson(), symbolsOf(form), labels.names, counts]);
  const all = typeof train === "function" ? [] : train;
  const parts = all.flatMap(({ input, labels: own }) => [bytesOf(input), bytesOf(Int32Array.from(own))]);
  return checksum([new TextEncoder().encode(about), ...parts]);
}

function symbolsOf(form: InputForm): readonly string[] {
  if (form instanceof SpelledTextInput) return form.words.symbols;
  return form instanceof TextInput ? form.vocabulary.symbols : [];
}

function bytesOf({ buffer, byteOffset, byteLength }: EncodedInput): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
