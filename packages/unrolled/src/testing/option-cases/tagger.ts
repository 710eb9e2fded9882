import { trainPieces } from "../../data/text/pieces/train-pieces.js";
import type { TaggerExample } from "../../tasks/tagger/examples.js";
import type { TaggerOptions } from "../../tasks/tagger/options.js";
import { Tagger } from "../../tasks/tagger/tagger.js";
import type { OptionCase } from "./option-case.js";
import { halfOf, lazily, otherTaskTraining, seenOfTraining, taskTraining, unseenOfTraining } from "./task-training.js";

const tagged = (...sentences: string[]): TaggerExample[] =>
  sentences.map((sentence) => {
    const pairs = sentence.split(" ").map((pair) => pair.split("/"));
    return { tokens: pairs.map(([token]) => token as string), tags: pairs.map(([, tag]) => tag as string) };
  });
const sentences = tagged(
  "the/D whale/N swims/V",
  "The/D ship/N sinks/V",
  "a/D Whale/N sinks/V ./M",
  "a/D ship/N swims/V ./M",
  "Whale/N swims/V",
);
/** What the others teach makes these no likelier in the long run. */
const otherwise = tagged("the/N whale/D sinks/N", "a/D ship/V ./M");

const options = {
  ...{ cell: "lstm", units: 4, layers: 2, bidirectional: "concat", crf: false, wordUnits: 3, characterUnits: 3 },
  ...{ dropout: 0, wordDropout: 0, minimumCount: 1, lowercase: true, shuffleBuffer: 10 },
  ...{
    spelling: "characters",
    vocabularySize: undefined,
    tokenizer: undefined,
    wordVectors: undefined,
    freezeWordVectors: undefined,
  },
  ...taskTraining,
  validation: otherwise,
} as const;
const train = (own: TaggerOptions) => Tagger.train(lazily(sentences), own);
const half = await halfOf(options, train);

/** Taggers: how they are trained. */
export const taggerCases: readonly OptionCase[] = [
  {
    where: "Tagger.train",
    file: "tasks/tagger/options.ts",
    types: ["TaggerOptions"],
    options: { ...options, checkpoints: half },
    others: {
      ...{ cell: "gru", units: 5, layers: 1, bidirectional: "sum", crf: true, wordUnits: 2, characterUnits: 0 },
      ...{ dropout: 0.5, wordDropout: 0.5, minimumCount: 3, lowercase: false, shuffleBuffer: 2 },
      ...{ spelling: "pieces", vocabularySize: 260, tokenizer: trainPieces("the whale", { size: 260 }) },
      ...{ wordVectors: new Map([["whale", Float32Array.of(1, 2, 3)]]), freezeWordVectors: true },
      ...otherTaskTraining,
      validation: 0.4,
    },
    unseen: unseenOfTraining,
    run: (own: TaggerOptions) => seenOfTraining(own, train),
  },
];
