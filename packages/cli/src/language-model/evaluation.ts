import type { LanguageModel } from "unrolled/tasks";
import { count, loss, nameOf } from "../display/quantities.js";
import { givenOptions } from "../given-options.js";
import type { Host } from "../host.js";
import { readTexts } from "./texts.js";

/** How well a language model predicts texts: one JSON object, or lines. */
export async function evaluateLanguageModel(
  host: Host,
  model: LanguageModel,
  data: readonly string[],
  json: boolean,
): Promise<string> {
  const evaluation = await model.evaluate(await readTexts(host, data));
  const unit = model.vocabulary.tokens;
  if (json) {
    const { loss, perplexity, bitsPerCharacter, tokens, unknown } = evaluation;
    const metrics = { test: { loss, perplexity, ...givenOptions({ bitsPerCharacter }) } };
    return JSON.stringify({ task: model.task, metrics, [`${nameOf(unit)}s`]: tokens, unknown });
  }
  const { bitsPerCharacter } = evaluation;
  const inBits =
    bitsPerCharacter === undefined ? "" : `, ${loss(bitsPerCharacter)} bits${unit === "char" ? "" : " per character"}`;
  return [
    `loss        ${loss(evaluation.loss)} nats per ${nameOf(unit)}${inBits}`,
    `perplexity  ${evaluation.perplexity.toFixed(2)}`,
    `${`${nameOf(unit)}s`.padEnd(10)}  ${count(evaluation.tokens)}, ${count(evaluation.unknown)} of them unknown to the model`,
  ].join("\n");
}
