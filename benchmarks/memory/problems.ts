import { type Batch, crossEntropy, type Loss, meanSquaredError, tensor } from "unrolled";

const ADDING_LENGTHS = [100, 400];
const COPY_LENGTHS = [50, 200];
const BATCH = 50;
const SYMBOLS = 8;
const COPIED = 10;

/** A task that nothing but memory over many steps solves. */
export interface Problem {
  readonly name: string;
  readonly inputSize: number;
  readonly outputSize: number;
  /** Whether there is an answer at every step, or one at the end. */
  readonly everyStep: boolean;
  readonly loss: Loss;
  /** Loss of the best answer that remembers nothing. */
  readonly baseline: number;
  /** Loss below which it counts as solved. */
  readonly solved: number;
  batch(random: () => number): Batch;
}

export const problems: readonly Problem[] = [...ADDING_LENGTHS.map(adding), ...COPY_LENGTHS.map(copyMemory)];

/**
 * The adding problem (Hochreiter & Schmidhuber 1997, in the form of Le et al. 2015): of a sequence of uniform numbers two are marked, one
 * in each half; the answer is their sum. Always answering 1 gives a squared error of 0.167.
 */
function adding(length: number): Problem {
  return {
    name: `adding ${length}`,
    inputSize: 2,
    outputSize: 1,
    everyStep: false,
    loss: meanSquaredError(),
    baseline: 1 / 6,
    solved: 0.01,
    batch(random) {
      const x = new Float32Array(BATCH * length * 2);
      const y = new Float32Array(BATCH);
      for (let sequence = 0; sequence < BATCH; sequence++) {
        const half = Math.floor(length / 2);
        const marked = [Math.floor(random() * half), half + Math.floor(random() * half)];
        for (let t = 0; t < length; t++) {
          const at = (sequence * length + t) * 2;
          x[at] = random();
          if (!marked.includes(t)) continue;
          x[at + 1] = 1;
          y[sequence] = (y[sequence] ?? 0) + (x[at] ?? 0);
        }
      }
      return { x: tensor(x, [BATCH, length, 2]), y: tensor(y, [BATCH, 1]) };
    },
  };
}

/**
 * The copy memory problem (Hochreiter & Schmidhuber 1997, in the form of Arjovsky et al. 2016): ten symbols of eight, `length` blanks, a mark, and
 * then the ten symbols are to be said again. Without memory the loss is 10·ln 8 / (length + 20).
 */
function copyMemory(length: number): Problem {
  const [blank, mark] = [SYMBOLS, SYMBOLS + 1];
  const time = length + 2 * COPIED;
  return {
    name: `copy ${length}`,
    inputSize: SYMBOLS + 2,
    outputSize: SYMBOLS + 1,
    everyStep: true,
    loss: crossEntropy(),
    baseline: (COPIED * Math.log(SYMBOLS)) / time,
    solved: (0.1 * COPIED * Math.log(SYMBOLS)) / time,
    batch(random) {
      const x = new Float32Array(BATCH * time * (SYMBOLS + 2));
      const y = new Int32Array(BATCH * time).fill(blank);
      for (let sequence = 0; sequence < BATCH; sequence++) {
        for (let t = 0; t < time; t++) {
          const symbol = t < COPIED ? Math.floor(random() * SYMBOLS) : t === time - COPIED - 1 ? mark : blank;
          x[(sequence * time + t) * (SYMBOLS + 2) + symbol] = 1;
          if (t < COPIED) y[sequence * time + time - COPIED + t] = symbol;
        }
      }
      return { x: tensor(x, [BATCH, time, SYMBOLS + 2]), y: tensor(y, [BATCH, time]) };
    },
  };
}
