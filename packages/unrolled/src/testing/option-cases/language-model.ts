import { trainPieces } from "../../data/text/pieces/train-pieces.js";
import { LanguageModel } from "../../tasks/language-model/language-model.js";
import type { LanguageModelOptions } from "../../tasks/language-model/options.js";
import { readCheckpoint } from "../../training/checkpoint.js";
import { adam } from "../../training/optimizers/adam.js";
import { sgd } from "../../training/optimizers/sgd.js";
import { constant } from "../../training/schedules/constant.js";
import type { OptionCase } from "./option-case.js";

const text = "a whale, a ship. the whale swims, the ship sinks.\n".repeat(3);
/** The same words in another order: what the text teaches makes it no likelier in the long run. */
const other = "ship whale the a, swims sinks. the. the a ship, ship whale swims whale, a a the the ship.\n";
const refuse = () => {
  throw new Error("called");
};

/** What there is to be seen of a model and its training, without what the clock tells. */
async function trained(options: LanguageModelOptions): Promise<unknown> {
  const seen: unknown[] = [];
  const checkpoints = options.checkpoints && new Map(options.checkpoints as Map<string, Uint8Array>);
  const model = await LanguageModel.train(text, {
    ...options,
    ...(checkpoints ? { checkpoints } : {}),
    onProgress: options.onProgress ?? (({ step, loss, validationLoss }) => void seen.push([step, loss, validationLoss])),
  });
  const files = new Map<string, Uint8Array>();
  await model.save(files);
  const of = (name: string) => [...(files.get(name) ?? [])];
  const kept = [...(checkpoints ?? [])].map(([name, bytes]) => [name, readCheckpoint(bytes, name).position.step]);
  return { weights: of("model.safetensors"), vocabulary: of("vocabulary.json"), seen, kept };
}

const sixEpochs = {
  ...{ cell: "lstm", units: 4, layers: 1, embeddingUnits: 4, tieEmbeddings: false, dropout: 0 },
  ...{ tokens: "word", splitPunctuation: true, minimumCount: 1, vocabularySize: undefined },
  ...{ tokenizer: undefined, wordVectors: undefined, freezeWordVectors: undefined, patience: undefined },
  ...{
    epochs: 2,
    steps: undefined,
    batchSize: 2,
    sequenceLength: 4,
    learningRate: undefined,
    optimizer: adam({ learningRate: 0.3 }),
  },
  ...{ schedule: undefined, clipNorm: 1, seed: 1, validation: other, validateEvery: undefined },
} as const;
const vectors = new Map([["whale", Float32Array.of(1, 2, 3, 4)]]);
const half = new Map<string, Uint8Array>();
await LanguageModel.train(text, { ...(sixEpochs as object), steps: 2, checkpoints: half });

const model = await LanguageModel.train(text, { units: 8, steps: 5, sequenceLength: 5, batchSize: 2, seed: 1 });

/** Language models: how they are trained, and how they write. */
export const languageModelCases: readonly OptionCase[] = [
  {
    where: "LanguageModel.train",
    file: "tasks/language-model/options.ts",
    types: ["LanguageModelOptions"],
    options: {
      ...sixEpochs,
      ...{ checkpoints: half, checkpointEvery: undefined, resume: false, onProgress: undefined, signal: undefined },
    },
    others: {
      ...{ cell: "gru", units: 5, layers: 2, embeddingUnits: 3, tieEmbeddings: true, dropout: 0.5 },
      ...{ tokens: "char", splitPunctuation: false, minimumCount: 4, vocabularySize: 4 },
      ...{ tokenizer: trainPieces(text, { size: 260 }), wordVectors: vectors, freezeWordVectors: true, patience: 1 },
      ...{ epochs: 1, steps: 1, batchSize: 3, sequenceLength: 3, learningRate: 0.1, optimizer: sgd() },
      ...{ schedule: constant(0.5), clipNorm: 0.01, seed: 2, validation: 0.4, validateEvery: 1 },
      ...{ checkpoints: undefined, checkpointEvery: 1, resume: true },
      ...{ onProgress: refuse, signal: AbortSignal.abort() },
    },
    // in a worker the same comes out, by its promise, and notices are of damaged checkpoints: both have tests of their own
    unseen: ["worker", "onNotice"],
    run: trained,
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
