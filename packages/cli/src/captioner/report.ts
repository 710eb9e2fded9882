import type { CaptionerExample } from "@unrolled/data";
import type { Data } from "unrolled";
import {
  type Captioner,
  type CaptionerInput,
  type CaptionerMetrics,
  type Captioning,
  mostFrequentText,
  type TextMetrics,
} from "unrolled/tasks";
import { architecture } from "../display/architecture.js";
import { counted } from "../display/quantities.js";
import { scoreTable } from "../display/score-table.js";
import { onOneLine } from "../display/visible-text.js";
import type { DividedExamples } from "../examples/divided-examples.js";
import { readerOf } from "../examples/in-memory.js";
import { shellQuoted } from "../shell-quoted.js";
import { noBetter } from "../training/no-better.js";
import { type Audience, savedIn, stoppedAt } from "../training/report.js";
import type { TrainingRun } from "../training/training-run.js";

/** Examples whose answers are shown. */
const SHOWN = 3;
const LONGEST_NAME = 60;

/** How well a captioner does. */
export interface CaptionerMeasures {
  readonly validation: CaptionerMetrics;
  readonly test: CaptionerMetrics;
  readonly baseline: { readonly mostFrequentText: TextMetrics };
  /** The first test examples with what the model makes of them. */
  readonly shown: readonly { readonly input: CaptionerInput; readonly text: string; readonly answer: string }[];
}

/** Measures a captioner on what it was not trained on. */
export async function measureCaptioner(
  model: Captioner,
  { train, validation, test }: DividedExamples<CaptionerExample>,
  beam: number | undefined,
): Promise<CaptionerMeasures> {
  const options = beam === undefined ? {} : { beam };
  const shown: CaptionerMeasures["shown"][number][] = [];
  for await (const example of readerOf(test)()) {
    const input = inputOf(example);
    shown.push({ input, text: example.text, answer: (await model.predict(input, options)).text });
    if (shown.length === SHOWN) break;
  }
  return {
    validation: await model.evaluate(validation, options),
    test: await model.evaluate(test, options),
    baseline: { mostFrequentText: await naiveScores(model, train, test) },
    shown,
  };
}

/** How well answers without a network do. */
async function naiveScores(model: Captioner, train: Data<CaptionerExample>, test: Data<CaptionerExample>): Promise<TextMetrics> {
  const answer = await mostFrequentText(train);
  const [answers, references]: [string[], string[]] = [[], []];
  for await (const example of readerOf(test)()) {
    answers.push(answer(example));
    references.push(example.text);
  }
  return model.measure(answers, references);
}

/** The metrics by the names of the command line's contract. */
export function captionerScores({ loss, perplexity, bleu, chrF, exactMatch, wordError }: CaptionerMetrics) {
  return { bleu, chrF, exactMatch, wordError, loss, perplexity };
}

/** Scores of a model, and of the most frequent text where that is known. */
export function captionerTable(
  title: string,
  { trainedWith }: Captioner,
  metrics: CaptionerMetrics,
  naive?: TextMetrics,
): string[] {
  const name = trainedWith.input === "label" ? "each label's most frequent text" : "the most frequent text";
  return [
    ...scoreTable(
      `${title}, ${counted(metrics.tokens, "token")}`,
      ["bleu", "chrF", "exactMatch", "wordError", "loss"],
      [{ name: architecture(trainedWith), scores: captionerScores(metrics) }, ...(naive ? [{ name, scores: { ...naive } }] : [])],
    ),
    ...(naive ? noBetter(metrics, naive, name, "examples") : []),
  ];
}

/** What an input is called: a picture by its file, numbers by themselves. */
export function nameOf(input: CaptionerInput): string {
  if (typeof input === "string") return input;
  if (!("height" in input)) return onOneLine(JSON.stringify(Array.from(input)), LONGEST_NAME);
  return "path" in input ? String(input.path) : `a picture of ${input.width} x ${input.height}`;
}

/** A look at what a model writes while it is trained: about the first validation example. */
export function sampleOf(model: Captioning, validation: Data<CaptionerExample>): string {
  const [first] = typeof validation === "function" ? [] : validation;
  if (!first) return "";
  const answer = model.answer(inputOf(first));
  return "image" in first ? `${answer} (right: ${first.text})` : `${nameOf(inputOf(first))} → ${answer}`;
}

/** What the user reads at the end of a training. */
export function captionerReport(
  run: TrainingRun<Captioner>,
  measures: CaptionerMeasures | undefined,
  { folder, program }: Audience,
): string {
  const results = measures
    ? [
        ...captionerTable("Test", run.model, measures.test, measures.baseline.mostFrequentText),
        ...measures.shown.flatMap(({ input, text, answer }) => ["", `  ${nameOf(input)}`, `  → ${answer}`, `  = ${text}`]),
      ]
    : [stoppedAt(run)];
  const [first] = measures?.shown ?? [];
  const asked = first ? nameOf(first.input) : ASKED[run.model.trainedWith.input];
  const next = `Ask it:\n  ${program} predict ${shellQuoted(folder)} ${shellQuoted(asked)}`;
  return [...results, "", ...savedIn(run, folder, next)].join("\n");
}

const ASKED = { image: "picture.png", vector: "[0.1, 0.2, 0.3]", label: "a label of yours", sentence: "a sentence of yours" };

function inputOf(example: CaptionerExample): CaptionerInput {
  if ("image" in example) return example.image;
  if ("vector" in example) return example.vector;
  return "label" in example ? example.label : example.sentence;
}
