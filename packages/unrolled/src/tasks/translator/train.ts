import type { Data } from "../../data/data.js";
import { splitExamples } from "../../data/splits.js";
import { codePointsOf } from "../../data/text/characters.js";
import { UnrolledError } from "../../errors.js";
import type { ModelStore } from "../../files/store.js";
import { freshSeed } from "../../tensor/random.js";
import { crossEntropy } from "../../training/losses/cross-entropy.js";
import { contentName, type TrainingIdentity } from "../checkpoints.js";
import { measuringBatches, trainingBatches } from "../example-batches.js";
import { taskProgress } from "../progress.js";
import { type PreparedTraining, type TrainingHooks, trainNetwork } from "../train-network.js";
import { withOwnTokens } from "../writing/scheduled-sampling.js";
import { resolveTokens, SideSurvey } from "../writing/tokens.js";
import type { TranslatorExample } from "./examples.js";
import { translatorNetwork } from "./network.js";
import { checkOptions, type ResolvedOptions, resolveOptions, type TranslatorOptions } from "./options.js";
import { checkedExamples, type EncodedPair, encodedPairs, pairBatches, type Sides } from "./pairs.js";
import type { TranslatorParts, TranslatorTrainedWith } from "./parts.js";
import type { Answering } from "./progress.js";
import { writeTranslator } from "./stored.js";

const WHERE = "Translator.train";
/** Nats by which the validation loss must get better to count. */
const LEAST_GAIN = 1e-3;

/** A model whose training begins. */
export type BegunParts = Omit<TranslatorParts, "history">;

/**
 * Trains on pairs, here: `Translator.train` and the worker that it may start both end up here.
 *
 * @param begin makes of the parts what `progress.model` is; the network is changed in place
 * @throws {UnrolledError} as `Translator.train`.
 */
export async function trainTranslator(
  data: Data<TranslatorExample>,
  options: TranslatorOptions,
  begin: (parts: BegunParts) => Answering,
  hooks?: TrainingHooks,
): Promise<TranslatorParts> {
  checkOptions(options);
  const { prepared: made, history } = await trainNetwork(options, (given) => prepared(data, given, begin), hooks);
  return { ...made.parts, history };
}

/** The same for a worker, which nobody asks for answers. */
export async function trainAndSaveTranslator(
  data: Data<TranslatorExample>,
  options: TranslatorOptions,
  store: ModelStore,
  hooks: TrainingHooks,
): Promise<void> {
  await writeTranslator(store, await trainTranslator(data, options, () => ({ answer: () => "" }), hooks));
}

async function prepared(
  data: Data<TranslatorExample>,
  given: TranslatorOptions,
  begin: (parts: BegunParts) => Answering,
): Promise<PreparedTraining & { parts: BegunParts }> {
  const seed = given.seed ?? freshSeed();
  const validation = given.validation ?? 0.1;
  const { train, held } =
    typeof validation === "number" ? splitExamples(data, validation, seed) : { train: data, held: validation };
  const { sides, examples, longestTarget } = await surveyed(train, given);
  const options = resolveOptions({ ...given, seed }, examples);
  const network = translatorNetwork(options, { source: sides.source.size, target: sides.target.size }, seed);
  const trainedWith = { ...trainedWithOf(options), trainExamples: examples, longestTarget };
  const parts = { network, ...sides, trainedWith };
  const model = begin(parts);
  const pairs = await encodedPairs(WHERE, train, sides);
  const heldPairs = await encodedPairs(`${WHERE}: validation`, held, sides);
  if (heldPairs.length === 0 && typeof heldPairs !== "function") {
    throw new UnrolledError("UNROLLED_DATA", `${WHERE}: the validation data must have at least one example, received none.`);
  }
  const { batchSize, shuffleBuffer, labelSmoothing } = options;
  const batchesInEpoch = Math.ceil(examples / batchSize);
  const making = { ...pairBatches(sides), batchSize };
  const batches = trainingBatches(pairs, { ...making, seed, shuffleBuffer });
  return {
    parts,
    options,
    network,
    data: withOwnTokens(batches.data, network, options, batchesInEpoch),
    batchesInEpoch,
    validation: measuringBatches(heldPairs, making),
    loss: crossEntropy({ labelSmoothing }),
    watched: { minDelta: LEAST_GAIN },
    identity: identityOf(trainedWith, options, sides, [pairs, heldPairs]),
    onProgress: (progress) => options.onProgress?.({ ...taskProgress(progress, batchSize), model }),
  };
}

/** The tokens of the texts that are trained on. */
async function surveyed(
  data: Data<TranslatorExample>,
  options: TranslatorOptions,
): Promise<{ sides: Sides; examples: number; longestTarget: number }> {
  const { sourceTokens, targetTokens } = options;
  const tokens = resolveTokens(WHERE, options, [sourceTokens, targetTokens]);
  const source = new SideSurvey({ ...tokens, tokens: sourceTokens ?? tokens.tokens });
  const target = new SideSurvey({ ...tokens, tokens: targetTokens ?? tokens.tokens });
  let examples = 0;
  for await (const example of checkedExamples(WHERE, data)) {
    source.add(example.source);
    target.add(example.target);
    examples++;
  }
  if (examples === 0) {
    throw new UnrolledError("UNROLLED_DATA", `${WHERE}: expected at least one example to train on, received none.`);
  }
  const sides = { source: source.finish(`${WHERE}: source`), target: target.finish(`${WHERE}: target`) };
  return { sides, examples, longestTarget: sides.target.encode(target.longest).length };
}

function trainedWithOf(options: ResolvedOptions): Omit<TranslatorTrainedWith, "trainExamples" | "longestTarget"> {
  const { cell, units, layers, encoderLayers, bidirectional, embeddingUnits, attention, inputFeeding, tieEmbeddings } = options;
  const { dropout, labelSmoothing, scheduledSampling, batchSize, optimizer, learningRate, clipNorm, seed } = options;
  return {
    ...{ cell, units, layers, encoderLayers, bidirectional, embeddingUnits, attention, inputFeeding, tieEmbeddings },
    ...{ dropout, labelSmoothing, scheduledSampling },
    ...{ batchSize, optimizer: optimizer.name, learningRate, clipNorm, seed },
  };
}

/** What decides the bits besides the position: the examples and the options. */
function identityOf(
  trainedWith: TranslatorTrainedWith,
  { patience, shuffleBuffer }: ResolvedOptions,
  { source, target }: Sides,
  data: readonly Data<EncodedPair>[],
): TrainingIdentity {
  const decisive = { ...trainedWith, patience: patience ?? "none", shuffleBuffer };
  const entries = Object.entries(decisive).map(([name, value]) => [name, String(value)]);
  const known = [source, target].map(({ vocabulary }) => codePointsOf(vocabulary.symbols.join("\n")));
  const inMemory = data.flatMap((pairs) => (typeof pairs === "function" ? [] : pairs));
  const content = contentName([...known, ...inMemory.flatMap((pair) => [pair.source, pair.target])]);
  return { task: "translator", ...Object.fromEntries(entries), data: content };
}
