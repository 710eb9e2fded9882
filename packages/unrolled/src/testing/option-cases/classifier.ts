import { trainPieces } from "../../data/text/pieces/train-pieces.js";
import { Classifier } from "../../tasks/classifier/classifier.js";
import type { ClassifierExample } from "../../tasks/classifier/examples.js";
import { naiveBayesBaseline } from "../../tasks/classifier/naive-bayes.js";
import type { ClassifierOptions } from "../../tasks/classifier/options.js";
import { adam } from "../../training/optimizers/adam.js";
import type { OptionCase } from "./option-case.js";
import { halfOf, lazily, otherTaskTraining, seenOfTraining, taskTraining, unseenOfTraining } from "./task-training.js";

const films = [
  ["Good film, a good play", "good"],
  ["a bad film", "bad"],
  ["what a good Whale", "good"],
  ["bad ship, bad whale", "bad"],
  ["the Ship is good", "good"],
  ["a good whale swims", "good"],
].map(([input, label]) => ({ input, label }) as ClassifierExample);
/** What the films teach makes these no likelier in the long run. */
const otherwise = [
  ["a good film", "good"],
  ["bad ship", "bad"],
  ["a good whale", "bad"],
].map(([input, label]) => ({ input, label }) as ClassifierExample);
const numbersOf = (examples: readonly ClassifierExample[], good: number): ClassifierExample[] =>
  examples.map(({ label }, place) => ({ input: [place, place % 3, label === "good" ? good : 1], label }));
const numbers = numbersOf(films, 2);
/** What is learned of the numbers makes most of these right, and the loss of the others large. */
const otherNumbers = [...numbersOf(films, 2), ...numbersOf(otherwise, 0)];

/** A classifier of texts, with what says something of texts alone, and of arrays of numbers, with what says something of these alone. */
async function trained(options: ClassifierOptions): Promise<unknown> {
  const { input, scaling, ...ofTexts } = options;
  const { cell, bidirectional, pooling, inputDropout, recurrentDropout, outputDropout, ...ofAll } = ofTexts;
  const { tokens, lowerCase, minimumCount, vocabularySize, embeddingUnits, characterUnits, embeddingDropout, ...afterTokens } =
    ofAll;
  const { tokenizer, wordVectors, freezeWordVectors, ...rest } = afterTokens;
  const { checkpoints: _, checkpointEvery: _every, resume: _resume, validation: _validation, ...ofNumbers } = rest;
  return [
    await seenOfTraining(ofTexts, (own) => Classifier.train(lazily(films), own)),
    await seenOfTraining(
      { ...ofNumbers, ...(input ? { input } : {}), ...(scaling ? { scaling } : {}), validation: otherNumbers },
      (own) => Classifier.train(numbers, own),
    ),
  ];
}

const options = {
  ...{ cell: "lstm", units: 4, layers: 2, bidirectional: true, pooling: "max", embeddingUnits: 4, characterUnits: 3 },
  ...{ dropout: 0, embeddingDropout: 0, inputDropout: 0, recurrentDropout: 0, outputDropout: 0 },
  ...{ tokens: "both", lowerCase: true, minimumCount: 1, vocabularySize: 30 },
  ...{ tokenizer: undefined, wordVectors: undefined, freezeWordVectors: undefined },
  ...{ classWeights: undefined, labelSmoothing: 0, watch: "loss", shuffleBuffer: 10 },
  ...taskTraining,
  ...{ optimizer: adam({ learningRate: 0.1 }), validation: otherwise, seed: 2 },
} as const;
const half = await halfOf(options, (own) => Classifier.train(lazily(films), own));
const model = await Classifier.train(films, { units: 4, steps: 2, seed: 1, validation: otherwise });

/** Classifiers: how they are trained and explained, and what counting makes of texts. */
export const classifierCases: readonly OptionCase[] = [
  {
    where: "Classifier.train",
    file: "tasks/classifier/options.ts",
    types: ["ClassifierOptions", "TrainingOptions"],
    options: { ...options, input: undefined, scaling: undefined, checkpoints: half },
    others: {
      ...{ cell: "gru", units: 5, layers: 1, bidirectional: false, pooling: "mean", embeddingUnits: 3, characterUnits: 2 },
      ...{ dropout: 0.5, embeddingDropout: 0.5, inputDropout: 0.5, recurrentDropout: 0.5, outputDropout: 0.5 },
      ...{ tokens: "word", lowerCase: false, minimumCount: 2, vocabularySize: 4, input: "row", scaling: "none" },
      ...{ tokenizer: trainPieces("good film", { size: 260 }), freezeWordVectors: true },
      wordVectors: new Map([["whale", Float32Array.of(1, 2, 3, 4)]]),
      ...{ classWeights: "balanced", labelSmoothing: 0.1, watch: "accuracy", shuffleBuffer: 2 },
      ...otherTaskTraining,
      ...{ validation: 0.4, seed: 3 },
    },
    unseen: unseenOfTraining,
    run: trained,
  },
  {
    where: "Classifier.explain",
    file: "tasks/classifier/classifier.ts",
    types: [],
    options: { label: "good" },
    others: { label: "bad" },
    run: (given) => model.explain("a good whale", given),
  },
  {
    where: "naiveBayesBaseline",
    file: "tasks/classifier/naive-bayes.ts",
    types: ["NaiveBayesOptions"],
    options: { tokens: "word", order: 1, lowerCase: true, smoothing: 1 },
    others: { tokens: "char", order: 2, lowerCase: false, smoothing: 0.1 },
    run: (given) => naiveBayesBaseline(films, otherwise, given),
  },
];
