import type { Scope } from "../autograd/scope.js";
import type { Commands } from "../engine/threads/threads.js";
import type { Tensor } from "../tensor/tensor.js";
import type { StartRun } from "./cell.js";
import { type Part, partsOf } from "./parts.js";
import type { Carried, Direction } from "./recurrent-cell.js";
import type { SequencePlan } from "./sequence-plan.js";
import { Walk } from "./walk.js";

/** Sequences of a thread's part below which threads rather take a direction each: the rows of a tile, twice. */
const FEW_SEQUENCES = 8;

/**
 * Carries a cell through time: one op of the tape for a whole layer, in one direction or both, over a batch of sequences.
 *
 * Forward: the cell computes what it can for the rows of all steps, W_ih x; then step by step new states from those before, for the rows
 * of the sequences that still run. Backward: step by step the derivative by the states before; then the gradients of all weights and of
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
  const walks = directions.map((direction) => new Walk(scope, startRun, sizes, x, plan, direction));
  eachStep(scope, walks, plan, (walk, commands, part, index) => walk.forward(commands, part, index));
  const outputs = walks.flatMap(({ output, state }) => [output, ...Object.values(state)]);
  scope.deriveAll(
    outputs,
    walks.flatMap(({ inputs }) => inputs),
    () => {
      for (const walk of walks) walk.beginBackward();
      eachStep(scope, walks, plan, (walk, commands, part, index) => walk.backward(commands, part, index));
      for (const walk of walks) walk.addGradients();
    },
  );
  return walks.map(({ output, state }) => ({ output, last: state.h as Tensor, state }));
}

/**
 * Does every step of every direction, divided among threads: no sequence depends on another, and no direction on the other. A thread has a
 * part of the sequences in all directions, or, where those are few, all sequences in a direction of its own.
 */
function eachStep(
  scope: Scope,
  walks: readonly Walk[],
  plan: SequencePlan,
  doStep: (walk: Walk, commands: Commands, part: Part, index: number) => void,
): void {
  const { threads } = scope.engine;
  const count = threads.countFor(walks.reduce((work, { run }) => work + run.work, 0));
  if (count >= walks.length && plan.batch < FEW_SEQUENCES * count) {
    const parts = partsOf(plan, Math.floor(count / walks.length));
    threads.run(parts.length * walks.length, plan.steps, (commands, thread, index) => {
      const walk = walks[thread % walks.length] as Walk;
      doStep(walk, commands, parts[Math.floor(thread / walks.length)] as Part, index);
    });
    return;
  }
  const parts = partsOf(plan, count);
  threads.run(parts.length, plan.steps, (commands, thread, index) => {
    for (const walk of walks) doStep(walk, commands, parts[thread] as Part, index);
  });
}
