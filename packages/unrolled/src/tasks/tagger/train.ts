import type { Data } from "../../data/data.js";
import { codePointsOf } from "../../data/text/characters.js";
import { UnrolledError } from "../../errors.js";
import type { ModelStore } from "../../files/store.js";
import type { Crf } from "../../layers/crf.js";
import { freshSeed } from "../../tensor/random.js";
import { crfLoss } from "../../training/losses/crf-loss.js";
import { crossEntropy } from "../../training/losses/cross-entropy.js";
import type { Loss } from "../../training/losses/loss.js";
import { accuracy } from "../../training/metrics/accuracy.js";
import { contentName, type TrainingIdentity } from "../checkpoints.js";
import { measuringBatches, trainingBatches } from "../example-batches.js";
import { heldOut } from "../held-out.js";
import { taskProgress } from "../progress.js";
import { type PreparedTraining, type TrainingHooks, trainNetwork } from "../train-network.js";
import { startOfWords, type TrainedWordVectors, trainedWordVectors, wordVectorsIdentity } from "../word-vectors.js";
import { entityF1 } from "./entities/entity-f1.js";
import type { TaggerExample } from "./examples.js";
import type { EncodedSentence, Lexicon } from "./lexicon.js";
import { taggerNetwork } from "./network.js";
import { checkOptions, type ResolvedOptions, resolveOptions, type TaggerOptions } from "./options.js";
import { type TaggerParts, type TaggerTrainedWith, watchedBy } from "./parts.js";
import { checkedExamples, encodedData, READING_BATCH, sentenceBatches } from "./sentences.js";
import { writeTagger } from "./stored.js";
import { WordCounts } from "./word-counts.js";

const WHERE = "Tagger.train";

/** What makes a tagger's loss: of whole sentences where there is a field. */
export function taggerLoss(field: Crf | undefined): Loss {
  return field ? crfLoss(field) : crossEntropy();
}

/**
 * Trains on examples, here: `Tagger.train` and the worker that it may start both end up here.
 *
 * @throws {UnrolledError} as `Tagger.train`.
 */
export async function trainTagger(
  data: Data<TaggerExample>,
  options: TaggerOptions,
  hooks?: TrainingHooks,
): Promise<TaggerParts> {
  checkOptions(options);
  const { prepared: made, history } = await trainNetwork(options, (given) => prepared(data, given), hooks);
  return { ...made.parts, history };
}

/** The same for a worker, which gives the model back as its files. */
export async function trainAndSaveTagger(
  data: Data<TaggerExample>,
  options: TaggerOptions,
  store: ModelStore,
  hooks: TrainingHooks,
): Promise<void> {
  await writeTagger(store, await trainTagger(data, options, hooks));
}

async function prepared(
  data: Data<TaggerExample>,
  given: TaggerOptions,
): Promise<PreparedTraining & { parts: Omit<TaggerParts, "history"> }> {
  const seed = given.seed ?? freshSeed();
  const { train, held } = heldOut(data, seed, given.validation);
  const counts = await counted(train);
  const options = resolveOptions({ ...given, seed }, counts.examples);
  const { batchSize, shuffleBuffer } = options;
  const lexicon = counts.lexicon(options);
  const start = startOfWords(WHERE, lexicon.words, options);
  const trainedWith = trainedWithOf(options, counts, trainedWordVectors(start));
  const { network, field } = taggerNetwork(trainedWith, lexicon, seed, start);
  const sentences = await encodedData(WHERE, train, lexicon);
  const validation = await encodedData(`${WHERE}: validation`, held, lexicon);
  if (validation.length === 0 && typeof validation !== "function") {
    throw new UnrolledError("UNROLLED_DATA", `${WHERE}: the validation data must have at least one example, received none.`);
  }
  const inMemory = [sentences, validation].flatMap((data) => (typeof data === "function" ? [] : data));
  return {
    parts: { network, field, lexicon, baseline: counts.baseline(), trainedWith },
    options,
    network,
    data: trainingBatches(sentences, { ...sentenceBatches, batchSize, seed, shuffleBuffer }).data,
    batchesInEpoch: Math.ceil(counts.examples / batchSize),
    validation: measuringBatches(validation, { ...sentenceBatches, batchSize: READING_BATCH }),
    loss: taggerLoss(field),
    metrics: [accuracy(), ...(trainedWith.marksEntities ? [entityF1(lexicon.tags)] : [])],
    watched: { metric: watchedBy(trainedWith) },
    identity: { ...identityOf(trainedWith, options, lexicon, inMemory), ...wordVectorsIdentity(start) },
    onProgress: (progress) => options.onProgress?.(taskProgress(progress, batchSize)),
  };
}

async function counted(data: Data<TaggerExample>): Promise<WordCounts> {
  const counts = new WordCounts();
  for await (const example of checkedExamples(WHERE, data)) counts.add(example);
  if (counts.examples > 0) return counts;
  throw new UnrolledError("UNROLLED_DATA", `${WHERE}: expected at least one example to train on, received none.`);
}

function trainedWithOf(options: ResolvedOptions, counts: WordCounts, vectors: TrainedWordVectors): TaggerTrainedWith {
  const { cell, units, layers, bidirectional, wordUnits, characterUnits, spelling, dropout, wordDropout } = options;
  const { minimumCount, lowercase, batchSize, optimizer, learningRate, clipNorm, seed } = options;
  const { marksEntities } = counts;
  return {
    ...{ cell, units, layers, bidirectional, crf: options.crf ?? marksEntities },
    ...{ wordUnits, characterUnits, dropout, wordDropout, minimumCount, lowercase, spelling, ...vectors },
    ...{ batchSize, optimizer: optimizer.name, learningRate, clipNorm, seed, marksEntities },
    trainExamples: counts.examples,
    trainTokens: counts.tokens,
  };
}

/** What decides the bits besides the position: the examples and the options. */
function identityOf(
  trainedWith: TaggerTrainedWith,
  { patience, shuffleBuffer }: ResolvedOptions,
  { words, spelling, tags }: Lexicon,
  sentences: readonly EncodedSentence[],
): TrainingIdentity {
  const decisive = { ...trainedWith, patience: patience ?? "none", shuffleBuffer };
  const entries = Object.entries(decisive).map(([name, value]) => [name, String(value)]);
  const known = codePointsOf([...words, ...tags, ...(spelling?.symbols ?? [])].join("\n"));
  const data = contentName([known, ...sentences.flatMap(({ x, y }) => [x, y])]);
  return { task: "tagger", ...Object.fromEntries(entries), data };
}
