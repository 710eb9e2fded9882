import { Captioner, type CaptionerExample, type CaptionerProgress } from "unrolled/tasks";
import { shuffled, uniformNumbers } from "../../random.js";
import { type Digit, testDigits, trainingDigits } from "../digits.js";
import type { QualityTask, RunRequest } from "../task.js";

/** The defaults but for these; digits are moved because without it the training loss fell to a quarter of the validation loss. */
const OPTIONS = {
  // data
  strips: 20_000, // drawn from nine tenths of the training digits
  shift: 2, // pixels at most that a digit to train on is moved, in each direction
  batchSize: 64,
  // model
  units: 128,
  // optimisation
  epochs: 8,
  patience: 8, // the weights of the best epoch
  learningRate: 0.002, // of Adam, falling evenly to 0
} as const;

const VALIDATION_STRIPS = 1000;
const SIDE = 28;
const LEAST = 2;
const MOST = 5;
const WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** Strips of 2 to 5 handwritten digits side by side, read into their words; each official test digit stands in one strip. */
export const digitStrips: QualityTask = {
  name: "digit-strips",
  description: "strips of 2 to 5 handwritten digits to their words, convolutions, LSTM with attention over columns, beam 5",
  data: "mnist/t10k-images-idx3-ubyte.gz and mnist/t10k-labels-idx1-ubyte.gz",
  figure: "exact, official test digits",
  better: "higher",
  target: 0.95,

  async open(data) {
    const random = uniformNumbers(1);
    const digits = shuffled(await trainingDigits(), random);
    const cut = Math.round(0.9 * digits.length);
    const [own, held] = [digits.slice(0, cut), digits.slice(cut)];
    const parts = {
      train: Array.from({ length: OPTIONS.strips }, () => strip(drawn(own, random).map((digit) => moved(digit, random)))),
      validation: Array.from({ length: VALIDATION_STRIPS }, () => strip(drawn(held, random))),
      test: cutIntoStrips(await testDigits(data), random),
    };
    return {
      options: OPTIONS,
      baselines: [{ name: "most frequent text", value: mostFrequent(parts) }],
      run: (request) => trainAndMeasure(parts, request),
    };
  },
};

type Parts = Readonly<Record<"train" | "validation" | "test", readonly CaptionerExample[]>>;

async function trainAndMeasure({ train, validation, test }: Parts, { seed, steps, say }: RunRequest) {
  const { strips: _, shift: __, ...options } = OPTIONS;
  const all = Math.ceil(train.length / options.batchSize) * options.epochs;
  let latest: CaptionerProgress | undefined;
  const captioner = await Captioner.train(train, {
    ...options,
    schedule: (step) => Math.max(0, 1 - step / all),
    validation,
    ...(steps === undefined ? {} : { steps }),
    seed,
    onProgress: (progress) => {
      if (latest && progress.epoch > latest.epoch) {
        say(
          `epoch ${latest.epoch}   training ${latest.loss.toFixed(4)}   validation ${progress.validationLoss?.toFixed(4)}   ${latest.seconds.toFixed(0)} s`,
        );
      }
      latest = progress;
    },
  });
  const [wide, greedy] = [await captioner.evaluate(test, { beam: 5 }), await captioner.evaluate(test, { beam: 1 })];
  const { epochs, seconds, best } = captioner.history;
  say(
    `best epoch ${best?.epoch}: exact ${wide.exactMatch.toFixed(4)}, greedy ${greedy.exactMatch.toFixed(4)}, word error ${wide.wordError.toFixed(4)}`,
  );
  return { value: wide.exactMatch, also: { greedy: greedy.exactMatch }, parameters: captioner.parameterCount, epochs, seconds };
}

/** Digits side by side as one picture, and their words. */
function strip(digits: readonly Digit[]): CaptionerExample {
  const width = SIDE * digits.length;
  const data = new Float32Array(SIDE * width);
  for (const [place, { input }] of digits.entries()) {
    for (let row = 0; row < SIDE; row++) data.set(input.slice(row * SIDE, (row + 1) * SIDE), row * width + place * SIDE);
  }
  return { image: { height: SIDE, width, data }, text: digits.map(({ label }) => WORDS[Number(label)]).join(" ") };
}

/** A digit a little further down, up, left or right; what leaves the picture is cut off. */
function moved({ input, label }: Digit, random: () => number): Digit {
  const by = () => Math.floor((2 * OPTIONS.shift + 1) * random()) - OPTIONS.shift;
  const [down, right] = [by(), by()];
  const pixels = input.map((_, pixel) => {
    const [y, x] = [Math.floor(pixel / SIDE) - down, (pixel % SIDE) - right];
    return y >= 0 && y < SIDE && x >= 0 && x < SIDE ? (input[y * SIDE + x] ?? 0) : 0;
  });
  return { input: pixels, label };
}

function drawn(digits: readonly Digit[], random: () => number): Digit[] {
  return Array.from({ length: LEAST + Math.floor((MOST - LEAST + 1) * random()) }, () => {
    return digits[Math.floor(random() * digits.length)] as Digit;
  });
}

/** Each digit in one strip; what is left of less than two is left out. */
function cutIntoStrips(digits: readonly Digit[], random: () => number): CaptionerExample[] {
  const strips: CaptionerExample[] = [];
  for (let first = 0; first + LEAST <= digits.length; ) {
    const some = digits.slice(first, first + LEAST + Math.floor((MOST - LEAST + 1) * random()));
    strips.push(strip(some));
    first += some.length;
  }
  return strips;
}

function mostFrequent({ train, test }: Parts): number {
  const counts = new Map<string, number>();
  for (const { text } of train) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [best] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  return test.filter(({ text }) => text === best).length / test.length;
}
