import { toCardinal as german } from "n2words/de-DE";
import { toCardinal as english } from "n2words/en-US";
import { toCardinal as french } from "n2words/fr-FR";
import { exactMatch, nearestExample, type TranslatorExample } from "unrolled/tasks";
import { shuffled, uniformNumbers } from "../../random.js";
import type { QualityTask } from "../task.js";
import { trainAndMeasure } from "../translate.js";

/** The defaults but for these; set before any was measured. */
const OPTIONS = {
  // data
  tokens: "char",
  batchSize: 64,
  // model
  cell: "lstm",
  units: 128,
  dropout: 0.1,
  // optimisation
  epochs: 5,
  patience: 5, // the weights of the best epoch
  learningRate: 0.002, // of Adam, falling evenly to 0
} as const;

const LANGUAGES = { de: german, en: english, fr: french };
const NUMBERS = 12_000;
const VALIDATION = 500;
const TEST = 1000;
const MOST_DIGITS = 6;

/** Numbers below a million to their words in three languages, letter by letter, by one model; numbers of the test are in no other part. */
export const numbers: QualityTask = {
  name: "numbers",
  description:
    "numbers to their words in German, English and French (npm package n2words), LSTM with attention over characters, beam 5",
  figure: "exact, unseen numbers",
  better: "higher",
  target: 0.99,

  async open() {
    const all = drawnNumbers();
    const test = inEachLanguage(all.slice(0, TEST));
    const validation = inEachLanguage(all.slice(TEST, TEST + VALIDATION));
    const train = inEachLanguage(all.slice(TEST + VALIDATION));
    const nearest = await nearestExample(train);
    const copied = test.map(({ source }) => nearest.predict(source));
    const right = test.map(({ target }) => target);
    return {
      options: OPTIONS,
      baselines: [{ name: "words of the nearest training example", value: exactMatch(copied, right) }],
      run: (request) =>
        trainAndMeasure({ train, validation }, OPTIONS, request, async (translator, options) => {
          return { value: (await translator.evaluate(test, options)).exactMatch };
        }),
    };
  },
};

/** As many of few digits as of many, as far as there are so many. */
function drawnNumbers(): number[] {
  const random = uniformNumbers(1);
  const drawn = new Set<number>();
  while (drawn.size < NUMBERS) drawn.add(Math.floor(10 ** (1 + Math.floor(MOST_DIGITS * random())) * random()));
  return shuffled([...drawn], random);
}

function inEachLanguage(some: readonly number[]): TranslatorExample[] {
  return Object.entries(LANGUAGES).flatMap(([language, words]) =>
    some.map((number) => ({ source: `${language} ${number}`, target: words(number) })),
  );
}
