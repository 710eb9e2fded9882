import { captionerInputs, readImage } from "@unrolled/data";
import { UnrolledError } from "unrolled";
import type { ModelStore } from "unrolled/files";
import { type AnswerOptions, type Caption, type Captioner, type CaptionerInput, imageAttentionSvg } from "unrolled/tasks";
import { onOneLine } from "../display/visible-text.js";
import { writePicture } from "../display/written-picture.js";
import { askedTexts } from "../examples/input-lines.js";
import { readModelData } from "../examples/model-data.js";
import { openInputsForModel } from "../examples/model-records.js";
import type { Host } from "../host.js";
import { columnsOf, openedAs } from "./examples.js";
import { nameOf } from "./report.js";

/** What is asked of a captioner. */
interface CaptionerQuestions {
  /** Paths of pictures, labels, or vectors in JSON. */
  readonly texts: readonly string[];
  readonly file?: string;
  readonly input?: string[];
  readonly beam?: number;
  readonly nBest?: number;
  /** Where the attention of the first answer is drawn. */
  readonly svg?: string;
  readonly json: boolean;
}

const LONGEST_INPUT = 60;

/**
 * What is written about each input, a line or an object each, as they come; behind the input and a tab where there may be several. With one beginning
 * followed and nothing else asked, word by word.
 */
export async function* captionerPredictions(
  host: Host,
  store: ModelStore,
  model: Captioner,
  questions: CaptionerQuestions,
): AsyncGenerator<string> {
  const { texts, beam, nBest, svg, json } = questions;
  if (svg !== undefined && model.trainedWith.input !== "image") {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `predict: --svg draws what was read of a picture, and this captioner reads a ${model.trainedWith.input}; leave it out.`,
    );
  }
  const options: AnswerOptions = { ...(beam === undefined ? {} : { beam }), ...(nBest === undefined ? {} : { nBest }) };
  const isOnly = texts.length === 1;
  let isFirst = true;
  for await (const input of inputsOf(host, store, model, questions)) {
    const drawn = isFirst ? svg : undefined;
    isFirst = false;
    const before = isOnly ? "" : `${nameOf(input)}\t`;
    if (beam === 1 && (nBest ?? 1) === 1 && !json && drawn === undefined) {
      yield before;
      yield* model.stream(input);
      yield "\n";
      continue;
    }
    const caption = await model.predict(input, options);
    if (drawn !== undefined && typeof input === "object" && "height" in input) {
      await writePicture(drawn, imageAttentionSvg(input, caption));
      host.messages.write(`What was read for each word is drawn in ${drawn}.\n`);
    }
    yield json ? `${JSON.stringify(asObject(input, caption))}\n` : asLines(before, caption);
  }
}

function asObject(input: CaptionerInput, { text, score, logProbability, attention, tokens, regionWidth, alternatives }: Caption) {
  const others = alternatives.map((one) => ({ text: one.text, score: one.score, logProbability: one.logProbability }));
  const isImage = typeof input === "object" && "height" in input;
  return {
    input: isImage ? nameOf(input) : input,
    ...{ text, score, logProbability, tokens },
    // of others there is one place, which is all that is read
    ...(isImage ? { attention, regionWidth } : {}),
    ...(others.length > 0 ? { alternatives: others } : {}),
  };
}

function asLines(before: string, { text, score, alternatives }: Caption): string {
  if (alternatives.length === 0) return `${before}${text}\n`;
  return [{ text, score }, ...alternatives].map((one) => `${before}${one.score.toFixed(3)}\t${one.text}\n`).join("");
}

async function* inputsOf(
  host: Host,
  store: ModelStore,
  { trainedWith }: Captioner,
  { texts, file, input }: CaptionerQuestions,
): AsyncGenerator<CaptionerInput> {
  const images = (await readModelData(store))?.images ?? {};
  if (file === undefined) {
    for await (const { text, place } of askedTexts(host, texts)) {
      if (trainedWith.input === "image") yield await readImage(text, images);
      else yield trainedWith.input === "vector" ? parsed(text, place) : text.trim();
    }
    return;
  }
  const { records, columns } = await openInputsForModel(host, store, "captioner", file, input, openedAs(images));
  const inputFrom = captionerInputs(records, columnsOf(trainedWith.input, columns));
  for await (const { values, place } of records.rows()) yield inputFrom(values, place);
}

function parsed(text: string, place: string): number[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number")) return value;
  } catch {
    // told below, in words of what it should be
  }
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${place}: the model reads numbers, so expected JSON such as [0.1, 0.2, 0.3], received ${JSON.stringify(onOneLine(text, LONGEST_INPUT))}; --file reads tables.`,
  );
}
