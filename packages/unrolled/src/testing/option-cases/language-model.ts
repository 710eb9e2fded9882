import { trainPieces } from "../../data/text/pieces/train-pieces.js";
import { LanguageModel } from "../../tasks/language-model/language-model.js";
import type { LanguageModelOptions } from "../../tasks/language-model/options.js";
import { adam } from "../../training/optimizers/adam.js";
import type { OptionCase } from "./option-case.js";
import { halfOf, otherTaskTraining, seenOfTraining, taskTraining, unseenOfTraining } from "./task-training.js";

const text = "a whale, a ship. the whale swims, the ship sinks.\n".repeat(3);
/** The same words in another order: what the text teaches makes it no likelier in the long run. */
const other = "ship whale the a, swims sinks. the. the a ship, ship whale swims whale, a a the the ship.\n";

const training = {
  ...{ cell: "lstm", units: 4, layers: 1, embeddingUnits: 4, tieEmbeddings: false, dropout: 0 },
  ...{ tokens: "word", splitPunctuation: true, minimumCount: 1, vocabularySize: undefined },
  ...{ tokenizer: undefined, wordVectors: undefined, freezeWordVectors: undefined, sequenceLength: 4 },
  ...taskTraining,
  ...{ epochs: 2, optimizer: adam({ learningRate: 0.3 }), patience: undefined, validation: other },
} as const;
const vectors = new Map([["whale", Float32Array.of(1, 2, 3, 4)]]);
const train = (options: LanguageModelOptions) => LanguageModel.train(text, options);
const half = await halfOf(training, train);

const model = await LanguageModel.train(text, { units: 8, steps: 5, sequenceLength: 5, batchSize: 2, seed: 1 });

/** Language models: how they are trained, and how they write. */
export const languageModelCases: readonly OptionCase[] = [
  {
    where: "LanguageModel.train",
    file: "tasks/language-model/options.ts",
    types: ["LanguageModelOptions"],
    options: { ...training, checkpoints: half },
    others: {
      ...{ cell: "gru", units: 5, layers: 2, embeddingUnits: 3, tieEmbeddings: true, dropout: 0.5 },
      ...{ tokens: "char", splitPunctuation: false, minimumCount: 4, vocabularySize: 4 },
      ...{ tokenizer: trainPieces(text, { size: 260 }), wordVectors: vectors, freezeWordVectors: true, sequenceLength: 3 },
      ...otherTaskTraining,
      validation: 0.4,
    },
    unseen: unseenOfTraining,
    run: (options: LanguageModelOptions) => seenOfTraining(options, train),
  },
  {
    where: "generate",
    file: "tasks/language-model/sampling.ts",
    types: ["GenerateOptions"],
    options: { length: 40, temperature: 1, topK: undefined, topP: 1, seed: 1, signal: undefined },
    others: { length: 30, temperature: 0.2, topK: 2, topP: 0.3, seed: 2, signal: AbortSignal.abort() },
    run: (options) => model.sample("a", options),
  },
];
