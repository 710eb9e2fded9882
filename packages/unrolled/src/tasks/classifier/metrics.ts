import { Calibration, type CalibrationReport } from "./calibration.js";
import { type ClassCounts, type ClassMetrics, classMetrics, macroF1 } from "./f1.js";
import type { Labels } from "./labels.js";
import { largest } from "./probabilities.js";

/** How well a classifier does on examples. */
export interface ClassifierMetrics {
  /** The part that is classified right, from 0 to 1; where an example may have several labels, of all yes-or-no answers. */
  accuracy: number;
  /** Macro F1: the mean over classes of 2·precision·recall / (precision + recall), from 0 to 1. */
  f1: number;
  /** Mean −log of the probability of what is right, in nats; where an example may have several labels, over all answers. */
  loss: number;
  /** How many there were. */
  examples: number;
  /** Each class by itself. */
  classes: Record<string, ClassMetrics>;
  /** How often each class (row) was taken for each (column), both in the order of `labels`; of one label an example alone. */
  confusion?: number[][];
  /** The order of rows and columns. */
  labels: readonly string[];
  /** Whether probabilities are true: of what is predicted with 80 %, is 80 % right? */
  calibration: CalibrationReport;
  /** The same examples when the most frequent class of the training data is always predicted. */
  baseline: ClassifierBaseline;
}

/** What comes of always predicting the most frequent class; where an example may have several labels, the more frequent answer to each. */
export interface ClassifierBaseline {
  /** As that of the model. */
  accuracy: number;
  /** As that of the model. */
  f1: number;
  /** With the classes' frequencies in the training data as probabilities. */
  loss: number;
}

/** No probability counts as smaller, so that one wrong certainty doesn't make the loss infinite: that of float32 next to 0. */
const LEAST = 2 ** -126;

/** Counts answers as they come. */
export class AnswerCounts {
  readonly #labels: Labels;
  readonly #calibration = new Calibration();
  readonly #counts: ClassCounts[];
  readonly #confusion: number[][];
  #examples = 0;
  #right = 0;
  #loss = 0;

  constructor(labels: Labels) {
    this.#labels = labels;
    this.#counts = labels.names.map(() => ({ truePositives: 0, falsePositives: 0, falseNegatives: 0 }));
    this.#confusion = labels.names.map(() => labels.names.map(() => 0));
  }

  /** @param truth indices of the labels that are right */
  add(probabilities: ArrayLike<number>, truth: readonly number[]): void {
    this.#examples++;
    if (this.#labels.several) this.#addSeveral(probabilities, new Set(truth));
    else this.#addOne(probabilities, truth[0] as number);
  }

  get summary(): Omit<ClassifierMetrics, "baseline"> {
    const { names, several, size } = this.#labels;
    const answers = this.#examples * (several ? size : 1);
    return {
      accuracy: this.#right / answers,
      f1: macroF1(this.#counts),
      loss: this.#loss / answers,
      examples: this.#examples,
      classes: Object.fromEntries(this.#counts.map((counts, index) => [names[index] as string, classMetrics(counts)])),
      ...(several ? {} : { confusion: this.#confusion }),
      labels: names,
      calibration: this.#calibration.report,
    };
  }

  #addOne(probabilities: ArrayLike<number>, truth: number): void {
    const predicted = largest(probabilities);
    const isRight = predicted === truth;
    this.#loss -= Math.log(Math.max(LEAST, probabilities[truth] as number));
    this.#calibration.add(probabilities[predicted] as number, isRight);
    (this.#confusion[truth] as number[])[predicted] = (this.#confusion[truth]?.[predicted] ?? 0) + 1;
    if (isRight) {
      this.#right++;
      this.#count(truth, "truePositives");
      return;
    }
    this.#count(predicted, "falsePositives");
    this.#count(truth, "falseNegatives");
  }

  #addSeveral(probabilities: ArrayLike<number>, truth: ReadonlySet<number>): void {
    for (let index = 0; index < probabilities.length; index++) {
      const probability = probabilities[index] as number;
      const [yes, isTrue] = [probability >= 0.5, truth.has(index)];
      this.#loss -= Math.log(Math.max(LEAST, isTrue ? probability : 1 - probability));
      this.#calibration.add(Math.max(probability, 1 - probability), yes === isTrue);
      if (yes === isTrue) this.#right++;
      if (yes && isTrue) this.#count(index, "truePositives");
      else if (yes) this.#count(index, "falsePositives");
      else if (isTrue) this.#count(index, "falseNegatives");
    }
  }

  #count(index: number, what: keyof ClassCounts): void {
    (this.#counts[index] as ClassCounts)[what]++;
  }
}
