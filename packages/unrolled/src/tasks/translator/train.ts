import type { Data } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import type { ModelStore } from "../../files/store.js";
import { freshSeed } from "../../tensor/random.js";
import { heldOut } from "../held-out.js";
import { taskProgress } from "../progress.js";
import { type PreparedTraining, type TrainingHooks, trainNetwork } from "../train-network.js";
import { preparedWriter } from "../writing/prepare.js";
import { TextSource } from "../writing/text-source.js";
import { resolveTokens, SideSurvey } from "../writing/tokens.js";
import { writerTrainedWith } from "../writing/trained-with.js";
import { checkedExamples, type TranslatorExample } from "./examples.js";
import { translatorNetwork } from "./network.js";
import { checkOptions, resolveOptions, type TranslatorOptions } from "./options.js";
import type { TranslatorParts } from "./parts.js";
import type { Answering } from "./progress.js";
import { writeTranslator } from "./stored.js";

const WHERE = "Translator.train";

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
  const { train, held } = heldOut(data, seed, given.validation);
  const { sides, examples, longestText } = await surveyed(train, given);
  const options = resolveOptions({ ...given, seed }, examples);
  const { encoderLayers, bidirectional } = options;
  const network = translatorNetwork(options, sides, seed);
  const trainedWith = { ...writerTrainedWith(options, examples, longestText), encoderLayers, bidirectional };
  const parts = { network, ...sides, trainedWith };
  const model = begin(parts);
  const trainee = {
    task: "translator",
    where: WHERE,
    train,
    held,
    checked: checkedExamples,
    sides,
    network,
    options,
    trainedWith,
  };
  return {
    ...(await preparedWriter(trainee)),
    parts,
    onProgress: (progress) => options.onProgress?.({ ...taskProgress(progress, options.batchSize), model }),
  };
}

/** The tokens of the texts that are trained on. */
async function surveyed(data: Data<TranslatorExample>, options: TranslatorOptions) {
  const { sourceTokens, targetTokens } = options;
  const tokens = resolveTokens(WHERE, options, [sourceTokens, targetTokens]);
  const source = new SideSurvey({ ...tokens, tokens: sourceTokens ?? tokens.tokens });
  const target = new SideSurvey({ ...tokens, tokens: targetTokens ?? tokens.tokens });
  let examples = 0;
  for await (const { input, text } of checkedExamples(WHERE, data)) {
    source.add(input);
    target.add(text);
    examples++;
  }
  if (examples === 0) {
    throw new UnrolledError("UNROLLED_DATA", `${WHERE}: expected at least one example to train on, received none.`);
  }
  const sides = {
    source: new TextSource("source", source.finish(`${WHERE}: source`)),
    target: target.finish(`${WHERE}: target`),
  };
  return { sides, examples, longestText: sides.target.encode(target.longest).length };
}
