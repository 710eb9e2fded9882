import type { Data } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import type { ModelStore } from "../../files/store.js";
import { freshSeed } from "../../tensor/random.js";
import { heldOut } from "../held-out.js";
import { taskProgress } from "../progress.js";
import { type PreparedTraining, type TrainingHooks, trainNetwork } from "../train-network.js";
import { preparedWriter } from "../writing/prepare.js";
import { resolveTokens, SideSurvey } from "../writing/tokens.js";
import { writerTrainedWith } from "../writing/trained-with.js";
import { type CaptionerExample, type CaptionerInputName, checkedExamples } from "./examples.js";
import type { FormSurvey } from "./forms/form.js";
import { ImageSurvey } from "./forms/image-form.js";
import { LabelSurvey } from "./forms/label-form.js";
import { SentenceSurvey } from "./forms/sentence-form.js";
import { VectorSurvey } from "./forms/vector-form.js";
import { captionerNetwork } from "./network.js";
import { type CaptionerOptions, checkFits, checkOptions, resolveImage, resolveOptions, resolveSentence } from "./options.js";
import type { CaptionerParts } from "./parts.js";
import type { Captioning } from "./progress.js";
import { writeCaptioner } from "./stored.js";

const WHERE = "Captioner.train";

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
  const { train, held } = heldOut(data, seed, given.validation);
  const { sides, examples, longestText } = await surveyed(train, given);
  const options = resolveOptions({ ...given, seed }, examples);
  const network = captionerNetwork(options, sides, seed);
  const { name } = sides.source;
  const trainedWith = {
    ...{ input: name, ...writerTrainedWith(options, examples, longestText) },
    ...(name === "image" ? { image: resolveImage(given) } : {}),
  };
  const parts = { network, ...sides, trainedWith };
  const model = begin(parts);
  const checked = (where: string, some: Data<CaptionerExample>, epoch: number) => {
    return checkedExamples(where, some, { epoch, expected: name });
  };
  const trainee = { task: "captioner", where: WHERE, train, held, checked, sides, network, options, trainedWith };
  return {
    ...(await preparedWriter(trainee)),
    parts,
    onProgress: (progress) => options.onProgress?.({ ...taskProgress(progress, options.batchSize), model }),
  };
}

/** What the inputs are, and the tokens of the texts that are trained on. */
async function surveyed(data: Data<CaptionerExample>, options: CaptionerOptions) {
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
  const target = text.finish(`${WHERE}: text`);
  return { sides: { source: survey.finish(WHERE), target }, examples, longestText: target.encode(text.longest).length };
}

function surveyOf(name: CaptionerInputName, options: CaptionerOptions): FormSurvey {
  checkFits(options, name);
  if (name === "image") return new ImageSurvey(resolveImage(options));
  if (name === "sentence") return new SentenceSurvey(resolveTokens(WHERE, options), resolveSentence(options));
  return name === "vector" ? new VectorSurvey() : new LabelSurvey();
}
