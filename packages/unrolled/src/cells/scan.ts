import type { Scope } from "../autograd/scope.js";
import type { Commands } from "../engine/threads/threads.js";
import type { Tensor } from "../tensor/tensor.js";
import type { StartRun } from "./cell.js";
import { type Part, partsOf, wholeBatch } from "./parts.js";
import type { Carried, Direction } from "./recurrent-cell.js";
import type { SequencePlan } from "./sequence-plan.js";
import { Walk } from "./walk.js";

/** Sequences of a thread's part below which threads rather take a direction each: the rows of a tile, twice. */
const FEW_SEQUENCES = 8;
/** Sequences of a thread's part below which its rows of one step are too few for the products of the input side. */
const FEW_ROWS = 32;
/**
 * Numbers that a cell prepares before it does the steps that read them: 2 MB, which the caches hold until then. Those of all steps would go to
 * memory and back.
 */
const PREPARED = 2 ** 19;
/** Rows at least that are prepared at a time. */
const LEAST_ROWS = 96;

/**
 * Carries a cell through time: one op of the tape for a whole layer, in one direction or both, over a batch of sequences.
 *
 * Forward, some steps after others: the cell computes what it can for all rows of these steps, W_ih x; then step by step new states from those
 * before, for the rows of the sequences that still run. Backward: step by step the derivative by the states before; then the gradients of all weights and of
 * x, in single products over all rows.
 *
 * @param sizes features of each state, h and perhaps c
 * @param x rows of all steps, [rows, inputs]
 */
export function scan(
  scope: Scope,
  startRun: StartRun,
  sizes: Readonly<Record<string, number>>,
  x: Tensor,
  plan: SequencePlan,
  directions: readonly Direction[],
): Carried[] {
  const width = directions[0]?.weights.weight_ih?.shape[0] ?? 1;
  const stride = Math.ceil(Math.max(LEAST_ROWS, PREPARED / width) / plan.batch);
  const walks = directions.map((direction) => new Walk(scope, startRun, sizes, x, plan, direction, stride));
  for (let from = 0; from < plan.steps; from += stride) {
    const to = Math.min(from + stride, plan.steps);
    for (const walk of walks) walk.enterBlock(from, to);
    eachStep(scope, walks, plan, [from, to], (walk, commands, part, index) => walk.forward(commands, part, index), true);
  }
  const outputs = walks.flatMap(({ output, state }) => [output, ...Object.values(state)]);
  scope.deriveAll(
    outputs,
    walks.flatMap(({ inputs }) => inputs),
    () => {
      for (const walk of walks) walk.beginBackward();
      eachStep(scope, walks, plan, [0, plan.steps], (walk, commands, part, index) => walk.backward(commands, part, index));
      for (const walk of walks) walk.addGradients();
    },
  );
  return walks.map(({ output, state }) => ({ output, last: state.h as Tensor, state }));
}

/**
 * Does the steps `from` to before `to` of every direction, divided among threads: no sequence depends on another, and no direction on the other. A
 * thread has a part of the sequences in all directions, or, where those are few, all sequences in a direction of its own. What is prepared before
 * them are the rows of its own part, which so stay with its processor; where those are few, threads prepare the rows of all together.
 */
function eachStep(
  scope: Scope,
  walks: readonly Walk[],
  plan: SequencePlan,
  [from, to]: readonly [from: number, to: number],
  doStep: (walk: Walk, commands: Commands, part: Part, index: number) => void,
  prepares = false,
): void {
  const { threads, kernels } = scope.engine;
  const work = walks.reduce((sum, { run }) => sum + run.work, 0);
  const count = threads.countFor((work * (to - from)) / plan.steps);
  const together = count === 1 || plan.batch < FEW_ROWS * count;
  if (prepares && together) for (const walk of walks) walk.prepare(kernels, wholeBatch(plan));
  if (count >= walks.length && plan.batch < FEW_SEQUENCES * count) {
    const parts = partsOf(plan, Math.floor(count / walks.length));
    threads.run(parts.length * walks.length, to - from, (commands, thread, index) => {
      const walk = walks[thread % walks.length] as Walk;
      doStep(walk, commands, parts[Math.floor(thread / walks.length)] as Part, from + index);
    });
    return;
  }
  const parts = partsOf(plan, count);
  threads.run(parts.length, to - from, (commands, thread, index) => {
    for (const walk of walks) {
      const part = parts[thread] as Part;
      if (prepares && !together && index === 0) walk.prepare(commands, part);
      doStep(walk, commands, part, from + index);
    }
  });
}
