import type { Command } from "commander";
import { configure } from "unrolled";
import { folder } from "unrolled/node";
import { LanguageModel } from "unrolled/tasks";
import { count, loss, nameOf } from "../display/quantities.js";
import { givenOptions } from "../given-options.js";
import type { Host } from "../host.js";
import { readTexts } from "../language-model/texts.js";
import { threadsOption } from "../threads-option.js";

interface EvaluateOptions {
  json?: true;
  threads?: number;
}

/** `unrolled evaluate`: measures a trained model on data of one's choice. */
export function addEvaluateCommand(program: Command, host: Host): void {
  const call = `${program.name()} evaluate`;
  program
    .command("evaluate")
    .summary("measure a trained model on a text")
    .description("Measures how well a trained model predicts a text, character by character, word by word or piece by piece.")
    .argument("<model>", "folder of a model")
    .argument("<data...>", "text files, read as one text in this order")
    .addOption(threadsOption())
    .option("--json", "print one JSON object on standard output, all else on standard error")
    .addHelpText(
      "after",
      `\nExamples:\n  ${call} models/moby-dick typee.txt\n  ${call} models/moby-dick typee.txt omoo.txt.gz --json`,
    )
    .action((model: string, data: string[], options: EvaluateOptions) => evaluate(host, model, data, options));
}

async function evaluate(host: Host, path: string, data: string[], { json, threads }: EvaluateOptions): Promise<void> {
  await configure(givenOptions({ threads }));
  const model = await LanguageModel.load(folder(path));
  const text = await readTexts(host, data);
  const evaluation = await model.evaluate(text);
  const unit = model.vocabulary.tokens;
  if (json) {
    const { loss, perplexity, bitsPerCharacter, tokens, unknown } = evaluation;
    const metrics = { test: { loss, perplexity, ...givenOptions({ bitsPerCharacter }) } };
    host.results.write(`${JSON.stringify({ task: model.task, metrics, [`${nameOf(unit)}s`]: tokens, unknown })}\n`);
    return;
  }
  const { bitsPerCharacter } = evaluation;
  const inBits =
    bitsPerCharacter === undefined ? "" : `, ${loss(bitsPerCharacter)} bits${unit === "char" ? "" : " per character"}`;
  const lines = [
    `loss        ${loss(evaluation.loss)} nats per ${nameOf(unit)}${inBits}`,
    `perplexity  ${evaluation.perplexity.toFixed(2)}`,
    `${`${nameOf(unit)}s`.padEnd(10)}  ${count(evaluation.tokens)}, ${count(evaluation.unknown)} of them unknown to the model`,
  ];
  host.results.write(`${lines.join("\n")}\n`);
}
