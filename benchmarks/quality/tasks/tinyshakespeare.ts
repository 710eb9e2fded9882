import { readFile } from "node:fs/promises";
import { LanguageModel, type LanguageModelProgress, ngramBaseline, splitText, Vocabulary } from "unrolled/tasks";
import { dataFile } from "../data-file.js";
import type { Baseline, QualityTask, RunRequest } from "../task.js";

/** Chosen on the validation part. The network, the sequences and the epochs are those that the target is stated for. */
const OPTIONS = {
  // data
  validation: 0.1, // share of the text's end
  batchSize: 50, // streams read side by side
  sequenceLength: 50, // characters that gradients go back
  // model
  cell: "lstm",
  layers: 2,
  units: 128,
  embeddingUnits: 128,
  dropout: 0,
  // optimisation
  epochs: 10,
  learningRate: 0.004, // of Adam
  clipNorm: 1, // global norm
} as const;

const BASELINES: readonly (readonly [name: string, order: number])[] = [
  ["bigram", 2],
  ["4-gram", 4],
  ["6-gram", 6],
];

/**
 * Character language modelling on Shakespeare's plays (Karpathy 2015, char-rnn): the first 90 % of 1,115,394 characters train, the last
 * 10 % validate, unshuffled.
 */
export const tinyshakespeare: QualityTask = {
  name: "tinyshakespeare",
  description: "character language model on Shakespeare's plays, LSTM 2 × 128, 10 epochs",
  data: "tinyshakespeare/input.txt",
  figure: "validation loss, nats per character",
  better: "lower",
  target: 1.65,

  async open(data) {
    const text = await readFile(dataFile(data, "tinyshakespeare", "input.txt"), "utf8");
    const { train, validation } = splitText(text, OPTIONS.validation);
    return {
      options: OPTIONS,
      baselines: countBaselines(train, validation),
      run: (request) => trainAndMeasure(text, validation, request),
    };
  },
};

function countBaselines(train: string, validation: string): Baseline[] {
  const vocabulary = Vocabulary.of(train);
  const orders = BASELINES.map(([, order]) => order);
  const counted = ngramBaseline(vocabulary.encode(train), vocabulary.encode(validation), vocabulary.size, orders);
  return counted.map(({ loss }, index) => ({ name: BASELINES[index]?.[0] ?? "", value: loss }));
}

async function trainAndMeasure(text: string, validation: string, { seed, steps, say }: RunRequest) {
  let latest: LanguageModelProgress | undefined;
  const model = await LanguageModel.train(text, {
    ...OPTIONS,
    ...(steps === undefined ? {} : { steps }),
    seed,
    onProgress: (progress) => {
      // An epoch is measured after its last step, so the next one's first step tells.
      if (latest && progress.epoch > latest.epoch) say(epochLine(latest, progress.validationLoss));
      latest = progress;
    },
  });
  const { loss } = await model.evaluate(validation);
  if (latest) say(epochLine(latest, loss));
  const { epochs, seconds } = model.history;
  return { value: loss, parameters: model.parameterCount, epochs, seconds };
}

function epochLine(progress: LanguageModelProgress, validationLoss = Number.NaN): string {
  const { epoch, epochs, loss, seconds, tokensPerSecond } = progress;
  return (
    `epoch ${epoch}/${epochs}   training ${loss.toFixed(4)}   validation ${validationLoss.toFixed(4)}   ` +
    `${Math.round(tokensPerSecond)} characters/s   ${seconds.toFixed(0)} s`
  );
}
