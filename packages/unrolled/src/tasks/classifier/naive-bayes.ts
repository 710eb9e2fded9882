import { wordTokenizer } from "../../data/text/word-tokenizer.js";
import { UnrolledError } from "../../errors.js";
import { checkChoice, checkCount, checkKnown, checkPositive } from "../../layers/options.js";
import { type ClassifierExample, shown } from "./examples.js";
import { LabelSurvey, type Labels } from "./labels.js";
import { AnswerCounts } from "./metrics.js";

/** How texts are counted. */
export interface NaiveBayesOptions {
  /** Whether n-grams are of words or of characters; those of characters have marks at a text's beginning and end. Default: word. */
  tokens?: "char" | "word";
  /** The longest n-grams; shorter ones are counted too. Default: 1 for words, 4 for characters. */
  order?: number;
  /** Whether upper case is read as lower case. Default: true for words. */
  lowerCase?: boolean;
  /** What is added to each count. Default: 1 (Laplace). */
  smoothing?: number;
}

/** How well naive Bayes does on the test texts, as a classifier's own metrics. */
export interface NaiveBayesBaseline {
  /** The part classified right. */
  readonly accuracy: number;
  /** Macro F1. */
  readonly f1: number;
  /** Mean −log of the probability of what is right, in nats. */
  readonly loss: number;
}

/**
 * What counting makes of texts: the naive baseline that a recurrent classifier has to beat. Multinomial naive Bayes (McCallum & Nigam 1998)
 * over n-grams g of orders 1 to n,
 *
 *   log P(class | text) = log count(class) + Σ_g log (count(g, class) + s) / (Σ_g' count(g', class) + s·G) + a constant
 *
 * with G the number of distinct n-grams of the training texts; n-grams that are not among them are left out.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` for an example that is no text with one label, or where there are none, or fewer than two classes;
 * `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function naiveBayesBaseline(
  train: readonly ClassifierExample[],
  test: readonly ClassifierExample[],
  options: NaiveBayesOptions = {},
): NaiveBayesBaseline {
  const where = "naiveBayesBaseline";
  checkKnown(where, options, ["tokens", "order", "lowerCase", "smoothing"]);
  const tokens = checkChoice(where, "tokens", options.tokens ?? "word", ["word", "char"]);
  const order = checkCount(where, "order", options.order ?? (tokens === "word" ? 1 : 4));
  const smoothing = checkPositive(where, "smoothing", options.smoothing ?? 1);
  const lowerCase = options.lowerCase ?? tokens === "word";
  const grams = (text: string) => ngrams(lowerCase ? text.toLowerCase() : text, tokens, order);
  const survey = new LabelSurvey();
  for (const [place, example] of train.entries()) {
    survey.add(checkTextExample(example, `${where}: example ${place}`).label, `${where}: example ${place}`);
  }
  const labels = survey.finish();
  const classes = new Counts(labels);
  for (const { input, label } of train) classes.add(grams(input as string), labels.encode(label, where)[0] as number);
  const answers = new AnswerCounts(labels);
  for (const [place, example] of test.entries()) {
    const here = `${where}: test example ${place}`;
    const { input, label } = checkTextExample(example, here);
    answers.add(classes.probabilities(grams(input), smoothing), labels.encode(label, here));
  }
  if (test.length === 0) throw new UnrolledError("UNROLLED_DATA", `${where}: expected at least one test example, received none.`);
  const { accuracy, f1, loss } = answers.summary;
  return { accuracy, f1, loss };
}

/** N-grams counted by class. */
class Counts {
  readonly #ofGram = new Map<string, Float64Array>();
  readonly #totals: Float64Array;
  readonly #examples: Float64Array;

  constructor({ size }: Labels) {
    this.#totals = new Float64Array(size);
    this.#examples = new Float64Array(size);
  }

  add(grams: readonly string[], label: number): void {
    (this.#examples[label] as number)++;
    for (const gram of grams) {
      const counts = this.#ofGram.get(gram) ?? new Float64Array(this.#totals.length);
      this.#ofGram.set(gram, counts);
      (counts[label] as number)++;
      (this.#totals[label] as number)++;
    }
  }

  probabilities(grams: readonly string[], smoothing: number): Float64Array {
    const known = grams.map((gram) => this.#ofGram.get(gram)).filter((counts) => counts !== undefined);
    const logs = this.#totals.map((total, label) => {
      const whole = Math.log(total + smoothing * this.#ofGram.size);
      const ofGrams = known.reduce((sum, counts) => sum + Math.log((counts[label] as number) + smoothing) - whole, 0);
      return Math.log(this.#examples[label] as number) + ofGrams;
    });
    const most = Math.max(...logs);
    const powers = logs.map((log) => Math.exp(log - most));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  }
}

function ngrams(text: string, tokens: "char" | "word", order: number): string[] {
  const parts = tokens === "word" ? wordTokenizer.split(text) : ["\u0002", ...text, "\u0003"];
  const separator = tokens === "word" ? " " : "";
  return Array.from({ length: order }, (_, shorter) =>
    parts.slice(shorter).map((_part, first) => parts.slice(first, first + shorter + 1).join(separator)),
  ).flat();
}

function checkTextExample(example: ClassifierExample, where: string): { input: string; label: string } {
  const { input, label } = example ?? {};
  if (typeof input === "string" && typeof label === "string") return { input, label };
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: it must be a text with one label, received ${shown(input)} with ${shown(label)}.`,
  );
}
