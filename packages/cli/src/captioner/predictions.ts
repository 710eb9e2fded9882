import { captionerInputs, type ImageOptions, readImage } from "@unrolled/data";
import { UnrolledError } from "unrolled";
import type { ModelStore } from "unrolled/files";
import {
  type Caption,
  type Captioner,
  type CaptionerImage,
  type CaptionerInput,
  type CaptionerInputName,
  imageAttentionSvg,
} from "unrolled/tasks";
import { onOneLine } from "../display/visible-text.js";
import type { Question } from "../examples/answered-together.js";
import { askedTexts } from "../examples/input-lines.js";
import { readModelData } from "../examples/model-data.js";
import { openInputsForModel } from "../examples/model-records.js";
import type { Host } from "../host.js";
import { type WritingQuestions, writtenPredictions } from "../writing/predictions.js";
import { columnsOf, openedAs } from "./examples.js";
import { nameOf } from "./report.js";

const LONGEST_INPUT = 60;

/** What is written about each input, behind the input and a tab where there may be several. */
export function captionerPredictions(
  host: Host,
  store: ModelStore,
  model: Captioner,
  questions: WritingQuestions,
): AsyncIterable<string> {
  const { texts, svg } = questions;
  if (svg !== undefined && model.trainedWith.input !== "image") {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `predict: --svg draws what was read of a picture, and this captioner reads a ${model.trainedWith.input}; leave it out.`,
    );
  }
  return writtenPredictions(host, model, questionsOf(host, store, model, questions), questions, {
    before: (input) => (texts.length === 1 ? "" : `${nameOf(input)}\t`),
    asObject,
    draw: (input, caption) => imageAttentionSvg(input as CaptionerImage, caption),
  });
}

function asObject(input: CaptionerInput, { text, score, logProbability, attention, tokens, regionWidth }: Caption): object {
  const isImage = typeof input === "object" && "height" in input;
  return {
    input: isImage ? nameOf(input) : input,
    ...{ text, score, logProbability, tokens },
    // of others there is one place, which is all that is read
    ...(isImage ? { attention, regionWidth } : {}),
  };
}

async function* questionsOf(
  host: Host,
  store: ModelStore,
  { trainedWith }: Captioner,
  { texts, file, input }: WritingQuestions,
): AsyncGenerator<Question<CaptionerInput>> {
  const images = (await readModelData(store))?.images ?? {};
  if (file === undefined) {
    for await (const { text, place } of askedTexts(host, texts)) {
      yield { input: await inputOf(text, place, trainedWith.input, images), place };
    }
    return;
  }
  const { records, columns } = await openInputsForModel(host, store, "captioner", file, input, openedAs(images));
  const inputFrom = captionerInputs(records, columnsOf(trainedWith.input, columns));
  for await (const { values, place } of records.rows()) yield { input: inputFrom(values, place), place };
}

async function inputOf(text: string, place: string, kind: CaptionerInputName, images: ImageOptions): Promise<CaptionerInput> {
  if (kind === "image") return await readImage(text, images);
  return kind === "vector" ? parsed(text, place) : text.trim();
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
