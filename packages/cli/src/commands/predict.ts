import type { Command } from "commander";
import { configure, UnrolledError } from "unrolled";
import type { ModelStore } from "unrolled/files";
import { folder } from "unrolled/node";
import { type AnyModel, loadModel } from "unrolled/tasks";
import { captionerPredictions } from "../captioner/predictions.js";
import { classifierPredictions } from "../classifier/predictions.js";
import { forecasterPredictions } from "../forecaster/predictions.js";
import { givenOptions } from "../given-options.js";
import type { Host } from "../host.js";
import { wholeNumber } from "../option-values.js";
import { streamText } from "../streamed-text.js";
import { taggerPredictions } from "../tagger/predictions.js";
import { threadsOption } from "../threads-option.js";
import { translatorPredictions } from "../translator/predictions.js";

interface PredictOptions {
  file?: string;
  input?: string[];
  splitPunctuation: boolean;
  horizon?: number;
  future?: string;
  svg?: string;
  beam?: number;
  nBest?: number;
  json?: true;
  threads?: number;
}

/** `unrolled predict`: asks a trained model. */
export function addPredictCommand(program: Command, host: Host): void {
  const call = `${program.name()} predict`;
  program
    .command("predict")
    .summary("ask a trained model: classes, tags, a forecast, another text, a text about a picture")
    .description(
      "Asks a trained model: a classifier for the class of each text, a tagger for the tags of each sentence, a forecaster for what follows, a translator for what each text becomes, a captioner for a text about each picture. " +
        "Without texts and --file, lines are read from standard input; a forecaster goes on from the rows that it was trained on.",
    )
    .argument("<model>", "folder of a model")
    .argument("[text...]", "texts, each in quotes; of a captioner pictures' paths or labels; of a model of numbers each in JSON")
    .option(
      "--file <file>",
      "what is asked about: a table, a text with one input a line, a folder of pictures, rows to go on from",
    )
    .option("--input <column...>", "all but the forecaster: the file's columns (default: as in training)")
    .option("--no-split-punctuation", "tagger: spaces part words and marks already")
    .option("--horizon <steps>", "forecaster: how far (default: as in training)", wholeNumber({ minimum: 1 }))
    .option("--future <file>", "forecaster: rows of what is known in advance")
    .option(
      "--svg <file>",
      "draw a forecast, or what a translator or a captioner read for each word of its first answer, into a picture",
    )
    .option(
      "--beam <width>",
      "translator, captioner: beginnings that are followed side by side; 1 writes word by word (default: 5, or --n-best where that is more)",
      wholeNumber({ minimum: 1 }),
    )
    .option(
      "--n-best <count>",
      "translator, captioner: so many answers to each, with their scores (default: 1)",
      wholeNumber({ minimum: 1 }),
    )
    .addOption(threadsOption())
    .option("--json", "print one JSON object a line on standard output, all else on standard error")
    .addHelpText(
      "after",
      `
Examples:
  ${call} models/classifier-reviews "I loved it"
  ${call} models/classifier-reviews --file new-reviews.csv --json
  ${call} models/tagger-names "Ann sings in Paris."
  ${call} models/forecaster-passengers --file passengers.csv --horizon 6
  ${call} models/translator-fra "I am at home." --n-best 3
  ${call} models/translator-fra "I am at home." --svg attention.svg
  ${call} models/captioner-photos one.png two.jpg
  ${call} models/captioner-photos one.png --svg attention.svg`,
    )
    .action((model: string, texts: string[], options: PredictOptions) => predict(host, program.name(), model, texts, options));
}

async function predict(host: Host, program: string, path: string, texts: string[], options: PredictOptions): Promise<void> {
  await configure(givenOptions({ threads: options.threads }));
  if (texts.length > 0 && options.file !== undefined) {
    throw new UnrolledError("UNROLLED_VALUE", "predict: texts and --file exclude each other; leave one out.");
  }
  if (options.input !== undefined && options.file === undefined) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      "predict: --input names columns of a file; give it by --file, or leave --input out.",
    );
  }
  const store = folder(path);
  const model = await loadModel(store);
  await streamText(host, answers(host, program, store, model, texts, options));
}

function answers(
  host: Host,
  program: string,
  store: ModelStore,
  model: AnyModel,
  texts: readonly string[],
  options: PredictOptions,
): AsyncIterable<string> {
  const { file, input, horizon, future, svg, splitPunctuation, beam, nBest } = options;
  const json = options.json === true;
  const refuse = (others: object) => refuseOthers(model.task, others);
  switch (model.task) {
    case "captioner":
      refuse({ horizon, future, noSplitPunctuation: splitPunctuation ? undefined : true });
      return captionerPredictions(host, store, model, { texts, ...givenOptions({ file, input, beam, nBest, svg }), json });
    case "classifier":
      refuse({ horizon, future, svg, beam, nBest, noSplitPunctuation: splitPunctuation ? undefined : true });
      return classifierPredictions(host, store, model, { texts, ...givenOptions({ file, input }), json });
    case "tagger":
      refuse({ horizon, future, svg, beam, nBest });
      return taggerPredictions(host, store, model, { texts, ...givenOptions({ file, input }), splitPunctuation, json });
    case "forecaster":
      refuse({ input, beam, nBest, noSplitPunctuation: splitPunctuation ? undefined : true });
      if (texts.length > 0) {
        throw new UnrolledError("UNROLLED_VALUE", "predict: a forecaster reads rows, not texts; give them by --file.");
      }
      return forecasterPredictions(host, store, model, { ...givenOptions({ file, future, horizon, svg }), json });
    case "translator":
      refuse({ horizon, future, noSplitPunctuation: splitPunctuation ? undefined : true });
      return translatorPredictions(host, store, model, { texts, ...givenOptions({ file, input, beam, nBest, svg }), json });
    case "language-model":
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `predict: ${store.description} is a language model; let it write by ${program} generate.`,
      );
  }
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that says nothing of such a model. */
function refuseOthers(task: string, others: object): void {
  const [given] = Object.keys(givenOptions({ ...others }));
  if (given === undefined) return;
  const option = given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UnrolledError("UNROLLED_VALUE", `predict: --${option} says nothing to a ${task}; leave it out.`);
}
