import { adam, type Batch, fit, UnrolledError } from "unrolled";
import { median } from "../median.js";
import { uniformNumbers } from "../random.js";
import { type CellName, networkFor } from "./cells.js";
import type { Problem } from "./problems.js";

const CLIP_NORM = 1;

export interface Settings {
  readonly rates: readonly number[];
  readonly seeds: readonly number[];
  readonly steps: number;
  readonly say: (line: string) => void;
}

/** How a cell does on a problem at the learning rate that suits it best. */
export interface Measurement {
  readonly problem: string;
  readonly cell: CellName;
  readonly rate: number;
  /** Mean loss of the last 50 steps, each on problems never seen before; the median over the seeds. */
  readonly loss: number;
  /** Steps until it was solved, the median over the seeds; infinite where it was not. */
  readonly stepsToSolve: number;
  readonly baseline: number;
  readonly solved: number;
}

/** The best learning rate of the grid, by the median over the seeds. */
export async function measure(problem: Problem, cell: CellName, settings: Settings): Promise<Measurement> {
  const tried: Measurement[] = [];
  for (const rate of settings.rates) {
    const runs: { loss: number; steps: number }[] = [];
    for (const seed of settings.seeds) runs.push(await train(problem, cell, rate, seed, settings.steps));
    const loss = median(runs.map((run) => run.loss));
    const stepsToSolve = median(runs.map((run) => run.steps));
    const solved = Number.isFinite(stepsToSolve) ? `solved after ${stepsToSolve} steps` : "not solved";
    settings.say(`${problem.name}  ${cell}  learning rate ${rate}  loss ${lossText(loss)}  ${solved}`);
    tried.push({ problem: problem.name, cell, rate, loss, stepsToSolve, baseline: problem.baseline, solved: problem.solved });
  }
  return tried.reduce((best, other) => (other.loss < best.loss ? other : best));
}

/** A mean loss as it is shown. */
export function lossText(loss: number): string {
  return Number.isFinite(loss) ? loss.toFixed(4) : "diverged";
}

/** Trains on new problems all the time, until it is solved or the steps are used up. */
async function train(problem: Problem, cell: CellName, learningRate: number, seed: number, steps: number) {
  const random = uniformNumbers(seed);
  const stop = new AbortController();
  let loss = Number.NaN;
  let last = steps;
  async function* batches(): AsyncGenerator<Batch> {
    for (let step = 0; step < steps; step++) yield await Promise.resolve(problem.batch(random));
  }
  try {
    await fit(networkFor(cell, problem, seed), batches, {
      loss: problem.loss,
      optimizer: adam({ learningRate }),
      clipNorm: CLIP_NORM,
      signal: stop.signal,
      onProgress: ({ step, meanLoss }) => {
        loss = meanLoss;
        last = step;
        if (meanLoss < problem.solved) stop.abort();
      },
    });
  } catch (error) {
    if (!(error instanceof UnrolledError && error.code === "UNROLLED_NOT_FINITE")) throw error;
    loss = Number.POSITIVE_INFINITY; // it diverged, which is a result
  }
  return { loss, steps: loss < problem.solved ? last : Number.POSITIVE_INFINITY };
}
