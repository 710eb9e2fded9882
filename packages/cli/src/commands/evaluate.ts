import type { Command } from "commander";
import { folder } from "unrolled/node";
import { loadModel } from "unrolled/tasks";
import { count, loss } from "../display/quantities.js";
import type { Host } from "../host.js";
import { textMetrics } from "../text-metrics.js";
import { readTexts } from "../texts.js";

/** `unrolled evaluate`: measures a trained model on data of one's choice. */
export function addEvaluateCommand(program: Command, host: Host): void {
  const call = `${program.name()} evaluate`;
  program
    .command("evaluate")
    .summary("measure a trained model on a text")
    .description("Measures how well a trained model predicts a text, character by character.")
    .argument("<model>", "folder of a model")
    .argument("<data...>", "text files, read as one text in this order")
    .option("--json", "print one JSON object on standard output, all else on standard error")
    .addHelpText(
      "after",
      `\nExamples:\n  ${call} models/moby-dick typee.txt\n  ${call} models/moby-dick typee.txt omoo.txt.gz --json`,
    )
    .action((model: string, data: string[], options: { json?: true }) => evaluate(host, model, data, options));
}

async function evaluate(host: Host, path: string, data: string[], { json }: { json?: true }): Promise<void> {
  const model = await loadModel(folder(path));
  const text = await readTexts(host, data);
  const evaluation = await model.evaluate(text);
  if (json) {
    const { characters, unknown } = evaluation;
    host.results.write(
      `${JSON.stringify({ task: model.task, metrics: { test: textMetrics(evaluation) }, characters, unknown })}\n`,
    );
    return;
  }
  const lines = [
    `loss        ${loss(evaluation.loss)} nats per character, ${loss(evaluation.bitsPerCharacter)} bits`,
    `perplexity  ${evaluation.perplexity.toFixed(2)}`,
    `characters  ${count(evaluation.characters)}, ${count(evaluation.unknown)} of them unknown to the model`,
  ];
  host.results.write(`${lines.join("\n")}\n`);
}
