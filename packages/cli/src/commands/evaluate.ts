import type { Command } from "commander";
import { configure, UnrolledError } from "unrolled";
import type { ModelStore } from "unrolled/files";
import { folder } from "unrolled/node";
import { type AnyModel, loadModel } from "unrolled/tasks";
import { evaluateCaptioner } from "../captioner/evaluation.js";
import { openedAs } from "../captioner/examples.js";
import { evaluateClassifier } from "../classifier/evaluation.js";
import { readModelData } from "../examples/model-data.js";
import { openForModel } from "../examples/model-records.js";
import { addColumnOptions, addSeriesOptions, type ColumnArguments } from "../examples/open-records.js";
import { evaluateForecaster } from "../forecaster/evaluation.js";
import { givenOptions } from "../given-options.js";
import type { Host } from "../host.js";
import { evaluateLanguageModel } from "../language-model/evaluation.js";
import { wholeNumber } from "../option-values.js";
import { evaluateTagger } from "../tagger/evaluation.js";
import { threadsOption } from "../threads-option.js";
import { evaluateTranslator } from "../translator/evaluation.js";
import { openPairRecords } from "../translator/examples.js";

interface EvaluateOptions extends ColumnArguments {
  from?: string;
  beam?: number;
  json?: true;
  threads?: number;
}

/** `unrolled evaluate`: measures a trained model on data of one's choice. */
export function addEvaluateCommand(program: Command, host: Host): void {
  const call = `${program.name()} evaluate`;
  const command = program
    .command("evaluate")
    .summary("measure a trained model on data")
    .description("Measures how well a trained model does on data that it was not trained on, beside what needs no network.")
    .argument("<model>", "folder of a model")
    .argument("<data...>", "files as in training; of a language model texts, read as one in this order");
  addColumnOptions(command, {
    input: "what is given, if not as in training",
    target: "what is to be told, if not as in training",
  });
  addSeriesOptions(command)
    .option("--from <time>", "forecaster: foretells from this time on; what comes before is only read")
    .option(
      "--beam <width>",
      "translator, captioner: beginnings that are followed side by side (default: 5)",
      wholeNumber({ minimum: 1 }),
    )
    .optionsGroup("Output:")
    .addOption(threadsOption())
    .option("--json", "print one JSON object on standard output, all else on standard error")
    .addHelpText(
      "after",
      `
Examples:
  ${call} models/classifier-reviews test.csv
  ${call} models/tagger-names test.conll --json
  ${call} models/forecaster-load load.csv --from 2024-01-01
  ${call} models/translator-train test.de test.en --beam 1
  ${call} models/captioner-photos more/captions.csv
  ${call} models/moby-dick typee.txt omoo.txt.gz`,
    )
    .action((model: string, data: string[], options: EvaluateOptions) => evaluate(host, model, data, options));
}

async function evaluate(host: Host, path: string, data: string[], options: EvaluateOptions): Promise<void> {
  await configure(givenOptions({ threads: options.threads }));
  const store = folder(path);
  host.results.write(`${await evaluation(host, store, await loadModel(store), data, options)}\n`);
}

async function evaluation(
  host: Host,
  store: ModelStore,
  model: AnyModel,
  data: string[],
  { from, beam, json: asJson, threads: _, ...columns }: EvaluateOptions,
): Promise<string> {
  const json = asJson === true;
  if (from !== undefined && model.task !== "forecaster") {
    throw new UnrolledError("UNROLLED_VALUE", `evaluate: --from says nothing to a ${model.task}; leave it out.`);
  }
  if (beam !== undefined && model.task !== "translator" && model.task !== "captioner") {
    throw new UnrolledError("UNROLLED_VALUE", `evaluate: --beam says nothing to a ${model.task}; leave it out.`);
  }
  if (model.task === "language-model") {
    const [given] = Object.keys(columns);
    if (given === undefined) return await evaluateLanguageModel(host, model, data, json);
    throw new UnrolledError("UNROLLED_VALUE", `evaluate: --${given} says nothing to a language model; leave it out.`);
  }
  if (model.task === "translator") {
    return await evaluateTranslator(model, await openForModel(host, store, model.task, data, columns, openPairRecords), {
      beam,
      json,
    });
  }
  if (model.task === "captioner") {
    const open = openedAs((await readModelData(store))?.images ?? {});
    return await evaluateCaptioner(model, await openForModel(host, store, model.task, data, columns, open), { beam, json });
  }
  const opened = await openForModel(host, store, model.task, data, columns);
  if (model.task === "classifier") {
    return await evaluateClassifier(model, opened, { json, width: (host.results.columns ?? 81) - 1 });
  }
  if (model.task === "tagger") return await evaluateTagger(model, opened, json);
  return await evaluateForecaster(model, opened, { from, json });
}
