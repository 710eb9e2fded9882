import { translatorInputs } from "@unrolled/data";
import type { ModelStore } from "unrolled/files";
import { type AnswerOptions, attentionSvg, type Translation, type Translator } from "unrolled/tasks";
import { writePicture } from "../display/written-picture.js";
import { askedTexts } from "../examples/input-lines.js";
import { openInputsForModel } from "../examples/model-records.js";
import type { Host } from "../host.js";

/** What is asked of a translator. */
interface TranslatorQuestions {
  readonly texts: readonly string[];
  readonly file?: string;
  readonly input?: string[];
  readonly beam?: number;
  readonly nBest?: number;
  /** Where the attention of the first answer is drawn. */
  readonly svg?: string;
  readonly json: boolean;
}

/** What each text becomes, a line or an object each, as they come; with one beginning followed and nothing else asked, word by word. */
export async function* translatorPredictions(
  host: Host,
  store: ModelStore,
  model: Translator,
  { texts, file, input, beam, nBest, svg, json }: TranslatorQuestions,
): AsyncGenerator<string> {
  const options: AnswerOptions = { ...(beam === undefined ? {} : { beam }), ...(nBest === undefined ? {} : { nBest }) };
  let isFirst = true;
  for await (const text of sourcesOf(host, store, {
    texts,
    ...(file === undefined ? {} : { file }),
    ...(input ? { input } : {}),
  })) {
    const drawn = isFirst ? svg : undefined;
    isFirst = false;
    if (beam === 1 && (nBest ?? 1) === 1 && !json && drawn === undefined) {
      yield* model.stream(text);
      yield "\n";
      continue;
    }
    const translation = await model.predict(text, options);
    if (drawn !== undefined) {
      await writePicture(drawn, attentionSvg(translation));
      host.messages.write(`What was read for each word is drawn in ${drawn}.\n`);
    }
    yield json ? `${JSON.stringify(asObject(text, translation))}\n` : asLines(translation);
  }
}

function asObject(source: string, { text, score, logProbability, attention, tokens, sourceTokens, alternatives }: Translation) {
  const others = alternatives.map((one) => ({ text: one.text, score: one.score, logProbability: one.logProbability }));
  return {
    ...{ source, text, score, logProbability, sourceTokens, tokens, attention },
    ...(others.length > 0 ? { alternatives: others } : {}),
  };
}

function asLines({ text, score, alternatives }: Translation): string {
  if (alternatives.length === 0) return `${text}\n`;
  return [{ text, score }, ...alternatives].map((one) => `${one.score.toFixed(3)}\t${one.text}\n`).join("");
}

async function* sourcesOf(
  host: Host,
  store: ModelStore,
  { texts, file, input }: Pick<TranslatorQuestions, "texts" | "file" | "input">,
): AsyncGenerator<string> {
  if (file === undefined) {
    for await (const { text } of askedTexts(host, texts)) yield text.trim();
    return;
  }
  const { records, columns } = await openInputsForModel(host, store, "translator", file, input);
  const sourceOf = translatorInputs(records, columns);
  for await (const { values, place } of records.rows()) yield sourceOf(values, place);
}
