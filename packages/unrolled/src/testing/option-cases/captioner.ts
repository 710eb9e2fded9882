import { Captioner } from "../../tasks/captioner/captioner.js";
import type { CaptionerExample } from "../../tasks/captioner/examples.js";
import type { CaptionerOptions } from "../../tasks/captioner/options.js";
import type { OptionCase } from "./option-case.js";
import { halfOf, lazily, otherTaskTraining, seenOfTraining, taskTraining, unseenOfTraining } from "./task-training.js";

/** A picture of two rows, bright where there is a sign. */
const seen = (signs: string, text: string): CaptionerExample => ({
  image: { height: 2, width: signs.length, data: [...signs, ...signs].map((sign, place) => (sign === "#" ? 1 : place / 20)) },
  text,
});
const pictures = [
  seen("##..", "Light, dark"),
  seen("..##", "dark, light"),
  seen("####", "light"),
  seen("......", "dark"),
  seen("##..##", "light, dark, Light"),
];
/** What the others teach makes these no likelier in the long run. */
const otherwise = [seen("##..", "dark dark"), seen("####", "dark, Light")];

const options = {
  ...{ cell: "lstm", units: 4, layers: 1, embeddingUnits: 4, attention: "concat", inputFeeding: true, tieEmbeddings: true },
  ...{ filters: [2], kernelSize: 2, encoderLayers: 1, dropout: 0, labelSmoothing: 0, scheduledSampling: 0 },
  ...{ tokens: "word", splitPunctuation: true, lowerCase: false, minimumCount: 1, vocabularySize: 30, shuffleBuffer: 10 },
  ...taskTraining,
  validation: otherwise,
} as const;
const train = (own: CaptionerOptions) => Captioner.train(lazily(pictures), own);
const half = await halfOf(options, train);

/** Captioners: how they are trained. */
export const captionerCases: readonly OptionCase[] = [
  {
    where: "Captioner.train",
    file: "tasks/captioner/options.ts",
    types: ["CaptionerOptions"],
    options: { ...options, checkpoints: half },
    others: {
      ...{ cell: "gru", units: 6, layers: 2, embeddingUnits: 3, attention: "general", inputFeeding: false, tieEmbeddings: false },
      ...{ filters: [3], kernelSize: 3, encoderLayers: 0, dropout: 0.5, labelSmoothing: 0.1, scheduledSampling: 0.9 },
      ...{ tokens: "char", splitPunctuation: false, lowerCase: true, minimumCount: 3, vocabularySize: 3, shuffleBuffer: 2 },
      ...otherTaskTraining,
      validation: 0.4,
    },
    unseen: unseenOfTraining,
    run: (own: CaptionerOptions) => seenOfTraining(own, train),
  },
];
