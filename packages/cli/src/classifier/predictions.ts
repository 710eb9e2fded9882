import { classifierInputs } from "@unrolled/data";
import { UnrolledError } from "unrolled";
import type { ModelStore } from "unrolled/files";
import type { Classifier, ClassifierInput, Prediction } from "unrolled/tasks";
import { onOneLine } from "../display/visible-text.js";
import { answeredTogether, type Question } from "../examples/answered-together.js";
import { askedTexts } from "../examples/input-lines.js";
import { openInputsForModel } from "../examples/model-records.js";
import type { Host } from "../host.js";

/** What is asked of a classifier. */
interface ClassifierQuestions {
  readonly texts: readonly string[];
  readonly file?: string;
  readonly input?: string[];
  readonly json: boolean;
}

/** Inputs that are classified side by side. */
const AT_ONCE = 256;
/** Words that are named as having moved a decision. */
const MOST_NAMED = 6;
const LONGEST_INPUT = 60;

/** The answers, a line or an object each, as they come. Texts given one by one are answered with the words that moved the decision. */
export async function* classifierPredictions(
  host: Host,
  store: ModelStore,
  model: Classifier,
  questions: ClassifierQuestions,
): AsyncGenerator<string> {
  const { json, texts } = questions;
  const isExplained = !json && texts.length > 0 && model.input === "text";
  const asked = questionsOf(host, store, model, questions);
  for await (const { input, place, answer } of answeredTogether(asked, isExplained ? 1 : AT_ONCE, (inputs) =>
    model.predict(inputs),
  )) {
    yield json ? asJson(input, answer) : asLine(input, place, answer);
    if (isExplained) yield await reasons(model, input);
  }
}

async function* questionsOf(
  host: Host,
  store: ModelStore,
  model: Classifier,
  { texts, file, input }: ClassifierQuestions,
): AsyncGenerator<Question<ClassifierInput>> {
  if (file === undefined) {
    for await (const { text, place } of askedTexts(host, texts)) {
      yield { input: model.input === "text" ? text : parsed(text, place), place };
    }
    return;
  }
  const { records, columns } = await openInputsForModel(host, store, "classifier", file, input);
  const inputFrom = classifierInputs(records, columns);
  for await (const { values, place } of records.rows()) yield { input: inputFrom(values, place), place };
}

function parsed(text: string, place: string): ClassifierInput {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as ClassifierInput;
  } catch {
    // told below, in words of what it should be
  }
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${place}: the model reads numbers, so expected JSON such as {"width": 2.5, "colour": "red"} or [0.1, 0.2, 0.3], received ` +
      `${JSON.stringify(onOneLine(text, LONGEST_INPUT))}; --file reads tables.`,
  );
}

/** Numbers are left out: they may be thousands. */
function asJson(input: ClassifierInput, { label, probability, probabilities, labels }: Prediction): string {
  const shown = typeof input === "string" || !Array.isArray(input) ? { input } : {};
  return `${JSON.stringify({ ...shown, label, probability, labels, probabilities })}\n`;
}

function asLine(input: ClassifierInput, place: string, { label, probability, labels }: Prediction): string {
  const shown = typeof input === "string" ? onOneLine(input, LONGEST_INPUT) : place;
  const answer = labels.length === 1 && labels[0] === label ? label : labels.join(", ") || "none";
  return `${answer}  ${(100 * probability).toFixed(1)} %  ${shown}\n`;
}

/** The words that moved the decision most, with the change of the label's log odds. */
async function reasons(model: Classifier, input: ClassifierInput): Promise<string> {
  const { parts } = await model.explain(input);
  const moving = parts.toSorted((one, other) => Math.abs(other.weight) - Math.abs(one.weight)).slice(0, MOST_NAMED);
  const shown = moving.map(({ part, weight }) => `${part} ${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`);
  return shown.length === 0 ? "" : `  moved by: ${shown.join(", ")}\n`;
}
