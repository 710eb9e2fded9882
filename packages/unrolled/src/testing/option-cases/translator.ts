import type { TranslatorExample } from "../../tasks/translator/examples.js";
import type { TranslatorOptions } from "../../tasks/translator/options.js";
import { Translator } from "../../tasks/translator/translator.js";
import type { OptionCase } from "./option-case.js";
import { halfOf, lazily, otherTaskTraining, seenOfTraining, taskTraining, unseenOfTraining } from "./task-training.js";

const pair = (source: string, target: string): TranslatorExample => ({ source, target });
const pairs = [
  pair("one Two", "eins, Zwei"),
  pair("two one", "zwei, eins"),
  pair("One", "eins"),
  pair("two three two", "zwei, drei, zwei"),
  pair("three", "drei"),
];
/** What the others teach makes these no likelier in the long run. */
const otherwise = [pair("two", "drei eins drei"), pair("one three", "drei, drei")];

const options = {
  ...{ cell: "lstm", units: 4, layers: 1, encoderLayers: 1, bidirectional: true, embeddingUnits: 4, attention: "concat" },
  ...{ inputFeeding: true, tieEmbeddings: true, dropout: 0, labelSmoothing: 0, scheduledSampling: 0 },
  ...{ tokens: "word", sourceTokens: undefined, targetTokens: undefined, splitPunctuation: true, lowerCase: false },
  ...{ minimumCount: 1, vocabularySize: 30, shuffleBuffer: 10 },
  ...taskTraining,
  validation: otherwise,
} as const;
const train = (own: TranslatorOptions) => Translator.train(lazily(pairs), own);
const half = await halfOf(options, train);
const model = await Translator.train(pairs, {
  units: 8,
  steps: 56,
  seed: 1,
  minimumCount: 1,
  learningRate: 0.03,
  validation: pairs,
});

const asked = ["two three two", "one", "three three", "one two three two one", "two three", "two two", "two one three two"];

/** Translators: how they are trained, and how they, and captioners, write. */
export const translatorCases: readonly OptionCase[] = [
  {
    where: "Translator.train",
    file: "tasks/translator/options.ts",
    types: ["TranslatorOptions"],
    options: { ...options, checkpoints: half },
    others: {
      ...{ cell: "gru", units: 6, layers: 2, encoderLayers: 2, bidirectional: false, embeddingUnits: 3, attention: "general" },
      ...{ inputFeeding: false, tieEmbeddings: false, dropout: 0.5, labelSmoothing: 0.1, scheduledSampling: 0.9 },
      ...{ tokens: "char", sourceTokens: "char", targetTokens: "char", splitPunctuation: false, lowerCase: true },
      ...{ minimumCount: 2, vocabularySize: 3, shuffleBuffer: 2 },
      ...otherTaskTraining,
      validation: 0.4,
    },
    unseen: unseenOfTraining,
    run: (own: TranslatorOptions) => seenOfTraining(own, train),
  },
  {
    where: "Translator.predict",
    file: "tasks/writing/answers.ts",
    types: ["AnswerOptions"],
    options: { beam: 2, nBest: 1, lengthNormalization: 0.6, noRepeatNgram: 0, maxLength: 6, signal: undefined },
    others: { beam: 1, nBest: 2, lengthNormalization: 3, noRepeatNgram: 1, maxLength: 2, signal: AbortSignal.abort() },
    run: (own) => model.predict(asked, own),
  },
  {
    where: "Translator.stream",
    file: "tasks/writing/answers.ts",
    types: ["StreamedAnswerOptions"],
    options: { noRepeatNgram: 0, maxLength: 6, signal: undefined },
    others: { noRepeatNgram: 1, maxLength: 2, signal: AbortSignal.abort() },
    run: async (own) => {
      const pieces: string[] = [];
      for (const text of asked) for await (const piece of model.stream(text, own)) pieces.push(piece);
      return pieces;
    },
  },
];
