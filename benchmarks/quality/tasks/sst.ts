import { readFile } from "node:fs/promises";
import { type ClassifierExample, naiveBayesBaseline } from "unrolled/tasks";
import { majorityAccuracy, trainAndMeasure } from "../classify.js";
import { dataFile } from "../data-file.js";
import type { QualityTask } from "../task.js";

/** Chosen on the sentences for development. */
const OPTIONS = {
  // data
  minimumCount: 2,
  batchSize: 64,
  // model
  cell: "lstm",
  units: 128,
  embeddingUnits: 128,
  pooling: "max",
  inputDropout: 0.3,
  recurrentDropout: 0.2,
  outputDropout: 0.5,
  // optimisation
  epochs: 8,
  patience: 3,
  watch: "accuracy",
  learningRate: 1e-3, // of Adam
} as const;

/** Two classes of the five that tree nodes have; 2 is neutral. */
const CLASSES: readonly (string | undefined)[] = ["negative", "negative", undefined, "positive", "positive"];

/**
 * Sentiment of film reviews (Socher et al. 2013), positive or negative: trained on the labelled phrases of the training trees, each once, neutral
 * ones left out; validated and tested on whole sentences of the other parts. No vectors from outside.
 */
export const sst: QualityTask = {
  name: "sst",
  description: "sentiment of film reviews, Stanford Sentiment Treebank, two classes, bidirectional LSTM with max pooling",
  data: "sst/train.trees.txt, sst/stsa.binary.train, .dev and .test",
  figure: "test accuracy",
  better: "higher",
  target: 0.825,
  published: { name: "LSTM with vectors from outside (Tai et al. 2015)", value: 0.849 },

  async open(data) {
    const file = (name: string) => readFile(dataFile(data, "sst", name), "utf8");
    const sentences = async (part: string) => sentencesOf(await file(`stsa.binary.${part}`));
    const [train, validation, test] = [phrasesOf(await file("train.trees.txt")), await sentences("dev"), await sentences("test")];
    const whole = await sentences("train");
    return {
      options: OPTIONS,
      baselines: [
        { name: "most frequent class", value: majorityAccuracy({ train: whole, test }) },
        {
          name: "naive Bayes, words and pairs of them, sentences",
          value: naiveBayesBaseline(whole, test, { order: 2 }).accuracy,
        },
        { name: "naive Bayes, words and pairs of them, phrases", value: naiveBayesBaseline(train, test, { order: 2 }).accuracy },
      ],
      run: (request) => trainAndMeasure({ train, validation, test }, OPTIONS, request),
    };
  },
};

/** `0 some words`, a sentence a line. */
function sentencesOf(text: string): ClassifierExample[] {
  const lines = text.split("\n").filter(Boolean);
  return lines.map((line) => ({ input: line.slice(2), label: line.startsWith("1") ? "positive" : "negative" }));
}

/** The distinct phrases of all nodes that are not neutral. */
function phrasesOf(trees: string): ClassifierExample[] {
  const labels = new Map<string, string>();
  for (const tree of trees.split("\n").filter(Boolean)) {
    const open: { label: string | undefined; words: string[] }[] = [];
    for (const [token] of tree.matchAll(/\(\d|[^\s()]+|\)/g)) {
      if (/^\(\d$/.test(token)) open.push({ label: CLASSES[Number(token[1])], words: [] });
      else if (token !== ")") open.at(-1)?.words.push(plain(token));
      else {
        const { label, words } = open.pop() ?? { label: undefined, words: [] };
        open.at(-1)?.words.push(...words);
        if (label !== undefined) labels.set(words.join(" ").toLowerCase(), label);
      }
    }
  }
  return Array.from(labels, ([input, label]) => ({ input, label }));
}

/** Brackets are spelled out in the trees. */
function plain(word: string): string {
  return word.replace("-LRB-", "(").replace("-RRB-", ")").replace("\\/", "/");
}
