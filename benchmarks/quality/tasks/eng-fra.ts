import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { bleu, exactMatch, nearestExample, type TranslatorExample } from "unrolled/tasks";
import { shuffled, uniformNumbers } from "../../random.js";
import { dataFile } from "../data-file.js";
import type { QualityTask } from "../task.js";
import { trainAndMeasure } from "../translate.js";

/** Those of `multi30k` but for the epochs, since the data is a third. */
const OPTIONS = {
  // data
  lowerCase: true,
  minimumCount: 2,
  batchSize: 64, // pairs
  // model
  cell: "lstm",
  units: 256, // 128 in each direction of the encoder
  attention: "general",
  dropout: 0.35,
  // optimisation
  labelSmoothing: 0.1,
  epochs: 15,
  patience: 15, // the weights of the best epoch
  learningRate: 0.002, // of Adam, falling evenly to 0
} as const;

/** Sentences that begin so, and pairs of texts of fewer words: the filter of PyTorch's tutorial of translation. */
const BEGINNINGS = [
  "i am ",
  "i m ",
  "he is",
  "he s ",
  "she is",
  "she s ",
  "you are",
  "you re ",
  "we are",
  "we re ",
  "they are",
  "they re ",
];
const WORDS = 10;

/** French to English, short sentences about persons (Tatoeba): no English sentence is in two parts. */
export const engFra: QualityTask = {
  name: "eng-fra",
  description: "short French sentences to English, LSTM with attention and input feeding, beam 5",
  data: "eng-fra/fra.txt.gz",
  figure: "BLEU of held-out sentences",
  better: "higher",
  target: 21.3, // the nearest training example

  async open(data) {
    const pairs = await shortPairs(data);
    const { train, validation, test } = dividedByTarget(pairs);
    const nearest = await nearestExample(train);
    const copied = test.map(({ source }) => nearest.predict(source).toLowerCase());
    const right = test.map(({ target }) => target.toLowerCase());
    return {
      options: OPTIONS,
      baselines: [
        { name: "target of the nearest training example", value: bleu(copied, right) },
        { name: "the same, exact", value: exactMatch(copied, right) },
      ],
      run: (request) =>
        trainAndMeasure({ train, validation }, OPTIONS, request, async (translator, options) => {
          const metrics = await translator.evaluate(test, options);
          return { value: metrics.bleu, also: { exact: metrics.exactMatch } };
        }),
    };
  },
};

async function shortPairs(data: string | undefined): Promise<TranslatorExample[]> {
  const lines = gunzipSync(await readFile(dataFile(data, "eng-fra", "fra.txt.gz")))
    .toString("utf8")
    .trimEnd()
    .split("\n");
  const pairs = lines.map((line) => line.split("\t") as [string, string]);
  return pairs
    .filter(([english, french]) => {
      const [plainEnglish, plainFrench] = [plain(english), plain(french)];
      const isShort = [plainEnglish, plainFrench].every((text) => text.split(" ").length < WORDS);
      return isShort && BEGINNINGS.some((beginning) => plainEnglish.startsWith(beginning));
    })
    .map(([english, french]) => ({ source: french, target: english }));
}

/** As the tutorial counts words: small ASCII letters, and marks of a sentence's end by themselves. */
function plain(text: string): string {
  const ascii = text
    .toLowerCase()
    .trim()
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "");
  return ascii.replace(/([.!?])/g, " $1").replace(/[^a-zA-Z.!?]+/g, " ");
}

/** By the English sentence: eight tenths to train on, a tenth each to validate and to test. */
function dividedByTarget(pairs: readonly TranslatorExample[]): Record<"train" | "validation" | "test", TranslatorExample[]> {
  const sentences = shuffled([...new Set(pairs.map(({ target }) => target))], uniformNumbers(1));
  const [first, second] = [Math.round(0.8 * sentences.length), Math.round(0.9 * sentences.length)];
  const placeOf = new Map(sentences.map((sentence, place) => [sentence, place]));
  const between = (from: number, to: number) =>
    pairs.filter(({ target }) => {
      const place = placeOf.get(target) as number;
      return place >= from && place < to;
    });
  return { train: between(0, first), validation: between(first, second), test: between(second, sentences.length) };
}
