import { translatorInputs } from "@unrolled/data";
import type { ModelStore } from "unrolled/files";
import { attentionSvg, type Translation, type Translator } from "unrolled/tasks";
import type { Question } from "../examples/answered-together.js";
import { askedTexts } from "../examples/input-lines.js";
import { openInputsForModel } from "../examples/model-records.js";
import type { Host } from "../host.js";
import { type WritingQuestions, writtenPredictions } from "../writing/predictions.js";

/** What each text becomes. */
export function translatorPredictions(
  host: Host,
  store: ModelStore,
  model: Translator,
  questions: WritingQuestions,
): AsyncIterable<string> {
  return writtenPredictions(host, model, questionsOf(host, store, questions), questions, {
    before: () => "",
    asObject,
    draw: (_, translation) => attentionSvg(translation),
  });
}

function asObject(source: string, { text, score, logProbability, sourceTokens, tokens, attention }: Translation): object {
  return { source, text, score, logProbability, sourceTokens, tokens, attention };
}

async function* questionsOf(
  host: Host,
  store: ModelStore,
  { texts, file, input }: WritingQuestions,
): AsyncGenerator<Question<string>> {
  if (file === undefined) {
    for await (const { text, place } of askedTexts(host, texts)) yield { input: text.trim(), place };
    return;
  }
  const { records, columns } = await openInputsForModel(host, store, "translator", file, input);
  const sourceOf = translatorInputs(records, columns);
  for await (const { values, place } of records.rows()) yield { input: sourceOf(values, place), place };
}
