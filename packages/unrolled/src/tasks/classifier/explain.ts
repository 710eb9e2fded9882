import { UnrolledError } from "../../errors.js";
import { type ClassifierInput, shown } from "./examples.js";
import type { ClassifierParts } from "./parts.js";
import { largest, probabilitiesOf } from "./probabilities.js";

/** How much a part of an input moved the decision. */
export interface PartWeight {
  /** A word (or character), the number of a step from 0 on, or a column. */
  readonly part: string;
  /** log odds of the label with the part, less those without it: above 0 it speaks for the label, below 0 against it. */
  readonly weight: number;
}

/** What moved a decision. */
export interface Explanation {
  /** The label that is explained. */
  readonly label: string;
  /** Its probability. */
  readonly probability: number;
  /** Every part in the input's order. */
  readonly parts: readonly PartWeight[];
}

/** Leaves out each part in turn. */
export async function explainDecision(
  parts: ClassifierParts,
  input: ClassifierInput,
  label: string | undefined,
): Promise<Explanation> {
  const { form, labels } = parts;
  const where = "Classifier.explain";
  const left = form.partsOf(input, where);
  const answers = await probabilitiesOf(parts, [form.encode(input, where), ...left.map(({ without }) => without)]);
  const whole = answers[0] as Float64Array;
  const place = label === undefined ? largest(whole) : labels.names.indexOf(label);
  const name = labels.names[place];
  if (name === undefined) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${where}: \`label\` must be one of ${labels.names.join(", ")}, received ${shown(label)}.`,
    );
  }
  const oddsOf = (answer: ArrayLike<number> | undefined) => logOdds(answer?.[place] as number);
  const weights = left.map(({ part }, index) => ({ part, weight: oddsOf(whole) - oddsOf(answers[index + 1]) }));
  return { label: name, probability: whole[place] as number, parts: weights };
}

/** Finite also where rounding made a probability 0 or 1. */
function logOdds(probability: number): number {
  const least = 1e-12;
  return Math.log(Math.max(least, probability) / Math.max(least, 1 - probability));
}
