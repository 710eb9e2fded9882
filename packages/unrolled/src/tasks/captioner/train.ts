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
import { type CaptionSides, captionBatches, checkedExamples, type EncodedCaption, encodedCaptions } from "./captions.js";
import type { CaptionerExample, CaptionerInputName } from "./examples.js";
import type { FormSurvey } from "./forms/form.js";
import { ImageSurvey } from "./forms/image-form.js";
import { LabelSurvey } from "./forms/label-form.js";
import { SentenceSurvey } from "./forms/sentence-form.js";
import { VectorSurvey } from "./forms/vector-form.js";
import { captionerNetwork } from "./network.js";
import {
  type CaptionerOptions,
  checkFits,
  checkOptions,
  type ResolvedOptions,
  resolveImage,
  resolveOptions,
  resolveSentence,
} from "./options.js";
import type { CaptionerParts, CaptionerTrainedWith } from "./parts.js";
import type { Captioning } from "./progress.js";
import { writeCaptioner } from "./stored.js";

const WHERE = "Captioner.train";
/** Nats by which the validation loss must get better to count. */
const LEAST_GAIN = 1e-3;

/** A model whose training begins. */
export type BegunParts = Omit<CaptionerParts, "history">;

/**
 * Trains on examples, here: `Captioner.train` and the worker that it may start both end up here.
 *
 * @param begin makes of the parts what `progress.model` is; the network is changed in place
 * @throws {UnrolledError} as `Captioner.train`.
 */
export async function trainCaptioner(
  data: Data<CaptionerExample>,
  options: CaptionerOptions,
  begin: (parts: BegunParts) => Captioning,
  hooks?: TrainingHooks,
): Promise<CaptionerParts> {
  checkOptions(options);
  const { prepared: made, history } = await trainNetwork(options, (given) => prepared(data, given, begin), hooks);
  return { ...made.parts, history };
}

/** The same for a worker, which nobody asks for answers. */
export async function trainAndSaveCaptioner(
  data: Data<CaptionerExample>,
  options: CaptionerOptions,
  store: ModelStore,
  hooks: TrainingHooks,
): Promise<void> {
  await writeCaptioner(store, await trainCaptioner(data, options, () => ({ answer: () => "" }), hooks));
}

async function prepared(
  data: Data<CaptionerExample>,
  given: CaptionerOptions,
  begin: (parts: BegunParts) => Captioning,
): Promise<PreparedTraining & { parts: BegunParts }> {
  const seed = given.seed ?? freshSeed();
  const validation = given.validation ?? 0.1;
  const { train, held } =
    typeof validation === "number" ? splitExamples(data, validation, seed) : { train: data, held: validation };
  const { sides, examples, longestText } = await surveyed(train, given);
  const options = resolveOptions({ ...given, seed }, examples);
  const { form, side } = sides;
  const network = captionerNetwork(options, form, side.size, seed);
  const trainedWith = {
    ...trainedWithOf(options, form.name),
    ...(form.name === "image" ? { image: resolveImage(given) } : {}),
    ...{ trainExamples: examples, longestText },
  };
  const parts = { network, form, side, trainedWith };
  const model = begin(parts);
  const captions = await encodedCaptions(WHERE, train, sides);
  const heldCaptions = await encodedCaptions(`${WHERE}: validation`, held, sides);
  if (heldCaptions.length === 0 && typeof heldCaptions !== "function") {
    throw new UnrolledError("UNROLLED_DATA", `${WHERE}: the validation data must have at least one example, received none.`);
  }
  const { batchSize, shuffleBuffer, labelSmoothing } = options;
  const batchesInEpoch = Math.ceil(examples / batchSize);
  const making = { ...captionBatches(sides), batchSize };
  const batches = trainingBatches(captions, { ...making, seed, shuffleBuffer });
  return {
    parts,
    options,
    network,
    data: withOwnTokens(batches.data, network, options, batchesInEpoch),
    batchesInEpoch,
    validation: measuringBatches(heldCaptions, making),
    loss: crossEntropy({ labelSmoothing }),
    watched: { minDelta: LEAST_GAIN },
    identity: identityOf(trainedWith, options, sides, [captions, heldCaptions]),
    onProgress: (progress) => options.onProgress?.({ ...taskProgress(progress, batchSize), model }),
  };
}

/** What the inputs are, and the tokens of the texts that are trained on. */
async function surveyed(
  data: Data<CaptionerExample>,
  options: CaptionerOptions,
): Promise<{ sides: CaptionSides; examples: number; longestText: number }> {
  const text = new SideSurvey(resolveTokens(WHERE, options));
  let survey: FormSurvey | undefined;
  let examples = 0;
  for await (const example of checkedExamples(WHERE, data)) {
    survey ??= surveyOf(example.name, options);
    survey.add(example.where, example.input);
    text.add(example.text);
    examples++;
  }
  if (!survey) throw new UnrolledError("UNROLLED_DATA", `${WHERE}: expected at least one example to train on, received none.`);
  const side = text.finish(`${WHERE}: text`);
  return { sides: { form: survey.finish(WHERE), side }, examples, longestText: side.encode(text.longest).length };
}

function surveyOf(name: CaptionerInputName, options: CaptionerOptions): FormSurvey {
  checkFits(options, name);
  if (name === "image") return new ImageSurvey(resolveImage(options));
  if (name === "sentence") return new SentenceSurvey(resolveTokens(WHERE, options), resolveSentence(options));
  return name === "vector" ? new VectorSurvey() : new LabelSurvey();
}

function trainedWithOf(
  options: ResolvedOptions,
  input: CaptionerInputName,
): Omit<CaptionerTrainedWith, "trainExamples" | "longestText"> {
  const { cell, units, layers, embeddingUnits, attention, inputFeeding, tieEmbeddings, dropout } = options;
  const { labelSmoothing, scheduledSampling, batchSize, optimizer, learningRate, clipNorm, seed } = options;
  return {
    ...{ input, cell, units, layers, embeddingUnits, attention, inputFeeding, tieEmbeddings, dropout },
    ...{ labelSmoothing, scheduledSampling, batchSize, optimizer: optimizer.name, learningRate, clipNorm, seed },
  };
}

/** What decides the bits besides the position: the examples and the options. */
function identityOf(
  { image, ...trainedWith }: CaptionerTrainedWith,
  { patience, shuffleBuffer }: ResolvedOptions,
  { form, side }: CaptionSides,
  data: readonly Data<EncodedCaption>[],
): TrainingIdentity {
  const encoder = JSON.stringify(image ?? null);
  const decisive = { ...trainedWith, encoder, patience: patience ?? "none", shuffleBuffer };
  const entries = Object.entries(decisive).map(([name, value]) => [name, String(value)]);
  const known = [side.vocabulary.symbols.join("\n"), JSON.stringify([form.toJson(), form.files])].map(codePointsOf);
  const inMemory = data.flatMap((captions) => (typeof captions === "function" ? [] : captions));
  const numbers = inMemory.flatMap(({ input, target }) => [
    new Int32Array(input.values.buffer, input.values.byteOffset, input.values.length),
    target,
  ]);
  return { task: "captioner", ...Object.fromEntries(entries), data: contentName([...known, ...numbers]) };
}
