import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type ClassifierExample, naiveBayesBaseline } from "unrolled/tasks";
import { majorityAccuracy, trainAndMeasure } from "../classify.js";
import { dataFile } from "../data-file.js";
import type { QualityTask } from "../task.js";

/** Chosen on validation parts of the training names. */
const OPTIONS = {
  // data
  validation: 0.1, // share of the training names
  tokens: "char",
  batchSize: 64,
  // model
  cell: "lstm",
  units: 128,
  embeddingUnits: 32,
  pooling: "max",
  recurrentDropout: 0.1,
  outputDropout: 0.3,
  // optimisation
  epochs: 40,
  patience: 5,
  learningRate: 4e-3, // of Adam
} as const;

/** The nationality of surnames (Robertson 2017, PyTorch's tutorial), letter by letter; pairs that stand twice are one, and every fifth tests. */
export const surnames: QualityTask = {
  name: "names",
  description: "surname to one of 18 nationalities by its letters, bidirectional LSTM with max pooling",
  data: "names/<Nationality>.txt",
  figure: "test accuracy",
  better: "higher",
  target: 0.808,

  async open(data) {
    const examples = await names(dirname(dataFile(data, "names", "Arabic.txt")));
    const parts = {
      train: examples.filter((_, place) => place % 5 !== 4),
      test: examples.filter((_, place) => place % 5 === 4),
    };
    return {
      options: OPTIONS,
      baselines: [
        { name: "most frequent class", value: majorityAccuracy(parts) },
        {
          name: "naive Bayes, up to 3 letters",
          value: naiveBayesBaseline(parts.train, parts.test, { tokens: "char", order: 3 }).accuracy,
        },
      ],
      run: (request) => trainAndMeasure(parts, OPTIONS, request),
    };
  },
};

async function names(folder: string): Promise<ClassifierExample[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".txt")).sort();
  const lists = files.map(async (file) => {
    const lines = (await readFile(join(folder, file), "utf8")).split("\n").map((line) => line.trim());
    return [...new Set(lines.filter(Boolean))].map((input) => ({ input, label: basename(file, ".txt") }));
  });
  return (await Promise.all(lists)).flat();
}
