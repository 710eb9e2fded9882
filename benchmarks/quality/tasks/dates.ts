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
  epochs: 6,
  patience: 6, // the weights of the best epoch
  learningRate: 0.002, // of Adam, falling evenly to 0
} as const;

const LOCALES = ["de", "en", "fr"];
const STYLES = ["full", "long", "medium"] as const;
const [FIRST, LAST] = [Date.UTC(1900, 0, 1), Date.UTC(2099, 11, 31)];
const DAY = 24 * 60 * 60 * 1000;
const TRAINING = 12_000;
const VALIDATION = 500;
const TEST = 1000;

/** Dates as people of three languages write them, by `Intl`, to the form of ISO 8601; days of the test are in no other part. */
export const dates: QualityTask = {
  name: "dates",
  description: "dates as German, English and French have them (Intl) to ISO 8601, LSTM with attention over characters, beam 5",
  figure: "exact, unseen days",
  better: "higher",
  target: 0.99,

  async open() {
    const random = uniformNumbers(1);
    const days = Array.from({ length: (LAST - FIRST) / DAY + 1 }, (_, day) => new Date(FIRST + day * DAY));
    const examples = shuffled(days, random)
      .slice(0, TRAINING + VALIDATION + TEST)
      .map((day) => written(day, random));
    const test = examples.slice(0, TEST);
    const validation = examples.slice(TEST, TEST + VALIDATION);
    const train = examples.slice(TEST + VALIDATION);
    const nearest = await nearestExample(train);
    const copied = test.map(({ source }) => nearest.predict(source));
    const right = test.map(({ target }) => target);
    return {
      options: OPTIONS,
      baselines: [{ name: "date of the nearest training example", value: exactMatch(copied, right) }],
      run: (request) =>
        trainAndMeasure({ train, validation }, OPTIONS, request, async (translator, options) => {
          return { value: (await translator.evaluate(test, options)).exactMatch };
        }),
    };
  },
};

function written(day: Date, random: () => number): TranslatorExample {
  const one = <T>(of: readonly T[]) => of[Math.floor(of.length * random())] as T;
  const format = new Intl.DateTimeFormat(one(LOCALES), { dateStyle: one(STYLES), timeZone: "UTC" });
  return { source: format.format(day), target: day.toISOString().slice(0, 10) };
}
