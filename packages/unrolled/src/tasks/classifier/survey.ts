import { type Data, examplesOf } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import type { Seed } from "../../tensor/random.js";
import { heldOut } from "../held-out.js";
import { checkedExample, type Encoded, encoded } from "./encoded-examples.js";
import { type ClassifierExample, type InputName, nameOfInput, shown } from "./examples.js";
import type { InputForm, InputSurvey } from "./input-form.js";
import { LabelSurvey, type Labels } from "./labels.js";
import { type ClassifierOptions, checkFor, resolveTokens } from "./options.js";
import { RowSurvey } from "./row-input.js";
import { SequenceSurvey } from "./sequence-input.js";
import { SpelledTextSurvey } from "./spelled-text-input.js";
import { TextSurvey } from "./text-input.js";

const WHERE = "Classifier.train";

/** What the training data is like. */
export interface Surveyed {
  readonly form: InputForm;
  readonly labels: Labels;
  /** How many training examples have each label. */
  readonly labelCounts: readonly number[];
  readonly counts: { readonly train: number; readonly held: number };
  readonly train: Data<Encoded>;
  readonly held: Data<Encoded>;
}

/** Looks at the training data once, and says how it becomes numbers. */
export async function survey(examples: Data<ClassifierExample>, options: ClassifierOptions & { seed: Seed }): Promise<Surveyed> {
  const { validation, seed, onNotice = () => undefined } = options;
  if (typeof examples !== "function" && !Array.isArray(examples)) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${WHERE}: expected an array of examples, or a function that gives them, received ${shown(examples)}.`,
    );
  }
  const parts = heldOut(examples, seed, validation);
  const labelSurvey = new LabelSurvey();
  let inputs: InputSurvey<InputForm> | undefined;
  let train = 0;
  for await (const example of examplesOf(parts.train)) {
    const where = `${WHERE}: example ${train++}`;
    const { input, label } = checkedExample(example, where);
    inputs ??= surveyFor(options, options.input ?? nameOfInput(input, where));
    inputs.add(input, where);
    labelSurvey.add(label, where);
  }
  if (!inputs) throw new UnrolledError("UNROLLED_DATA", `${WHERE}: expected at least one example, received none.`);
  const counted = new Map(labelSurvey.counts);
  let held = 0;
  for await (const example of examplesOf(parts.held)) {
    const where = `${WHERE}: validation example ${held++}`;
    checkedExample(example, where);
    // a rare class may be in the held part alone
    if (parts.held !== validation) labelSurvey.add(example.label, where);
  }
  if (held === 0) throw new UnrolledError("UNROLLED_DATA", `${WHERE}: expected at least one validation example, received none.`);
  const form = inputs.finish(onNotice);
  const labels = labelSurvey.finish();
  const labelCounts = labels.names.map((name) => counted.get(name) ?? 0);
  return {
    ...{ form, labels, labelCounts },
    counts: { train, held },
    train: encoded(parts.train, form, labels, `${WHERE}: example`),
    held: encoded(parts.held, form, labels, `${WHERE}: validation example`),
  };
}

function surveyFor(options: ClassifierOptions, input: InputName): InputSurvey<InputForm> {
  checkFor(options, input);
  const { scaling = "each" } = options;
  if (input === "sequence") return new SequenceSurvey(scaling);
  if (input === "row") return new RowSurvey(scaling);
  const { vocabularySize, minimumCount, ...reading } = resolveTokens(options);
  const size = vocabularySize === undefined ? {} : { size: vocabularySize };
  const { tokens, lowerCase } = reading;
  if (tokens === "both") return new SpelledTextSurvey(lowerCase, { minimumCount, ...size });
  return new TextSurvey({ tokens, lowerCase }, { minimumCount, ...size }, options.tokenizer);
}
