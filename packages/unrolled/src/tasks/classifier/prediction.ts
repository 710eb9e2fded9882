import type { Labels } from "./labels.js";
import { largest } from "./probabilities.js";

/** What an input is taken for. */
export interface Prediction {
  /** The likeliest class. */
  readonly label: string;
  /** How likely it is, from 0 to 1. */
  readonly probability: number;
  /** How likely each class is; they sum to 1, but where an input may have several labels. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** The likeliest class alone; where an input may have several labels all that are at least as likely as not, perhaps none. */
  readonly labels: readonly string[];
}

export function predictionOf({ names, several }: Labels, answer: Float64Array): Prediction {
  const best = largest(answer);
  const label = names[best] as string;
  return {
    label,
    probability: answer[best] as number,
    probabilities: Object.fromEntries(names.map((name, place) => [name, answer[place] as number])),
    labels: several ? names.filter((_, place) => (answer[place] as number) >= 0.5) : [label],
  };
}
