import { readFile } from "node:fs/promises";
import type { ClassifierExample } from "unrolled/tasks";
import { majorityAccuracy, trainAndMeasure } from "../classify.js";
import { dataFile } from "../data-file.js";
import type { QualityTask } from "../task.js";

/** Chosen on validation parts of the training utterances. */
const OPTIONS = {
  // data
  validation: 0.15, // share of the training utterances
  batchSize: 16,
  // model
  cell: "gru",
  units: 64,
  pooling: "mean",
  inputDropout: 0.2,
  outputDropout: 0.5,
  // optimisation
  epochs: 100,
  patience: 15,
  learningRate: 2e-3, // of Adam
} as const;

/** Which of nine speakers says two vowels (Kudo et al. 1999): 12 coefficients a step, 7 to 29 steps. */
export const japaneseVowels: QualityTask = {
  name: "japanese-vowels",
  description: "speaker of an utterance by 12 coefficients a step (JapaneseVowels of UEA), bidirectional GRU with mean pooling",
  data: "ts-classification/JapaneseVowels_TRAIN.ts and _TEST.ts",
  figure: "test accuracy",
  better: "higher",
  target: 0.97,

  async open(data) {
    const part = async (name: string) =>
      utterances(await readFile(dataFile(data, "ts-classification", `JapaneseVowels_${name}.ts`), "utf8"));
    const parts = { train: await part("TRAIN"), test: await part("TEST") };
    return {
      options: OPTIONS,
      baselines: [{ name: "most frequent class", value: majorityAccuracy(parts) }],
      run: (request) => trainAndMeasure(parts, OPTIONS, request),
    };
  },
};

/** `1,2,3:4,5,6:label`, a variable between colons. */
function utterances(text: string): ClassifierExample[] {
  const lines = text.split(/\r?\n/);
  return lines
    .slice(lines.indexOf("@data") + 1)
    .filter(Boolean)
    .map((line) => {
      const fields = line.split(":");
      const variables = fields.slice(0, -1).map((field) => field.split(",").map(Number));
      const input = (variables[0] ?? []).map((_, step) => variables.map((values) => values[step] as number));
      return { input, label: fields.at(-1) as string };
    });
}
