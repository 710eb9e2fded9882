import type { Scope } from "../autograd/scope.js";
import type { Commands } from "../engine/threads/threads.js";
import type { Address } from "../memory/memory.js";
import type { Tensor } from "../tensor/tensor.js";
import type { StartRun, Step } from "./cell.js";
import { type Part, partsOf, rowsIn } from "./parts.js";
import type { Carried, CarryOptions, Tensors } from "./recurrent-cell.js";
import type { SequencePlan } from "./sequence-plan.js";
import { StateTrack } from "./state-track.js";

/**
 * Carries a cell through time: one op of the tape for a whole layer and direction over a batch of sequences.
 *
 * Forward: the cell computes what it can for the rows of all steps, W_ih x; then step by step new states from those
 * before, for the rows of the sequences that still run. Backward: step by step the derivative by the states before; then
 * the gradients of all weights and of x, in single products over all rows.
 *
 * @param sizes features of each state, h and perhaps c
 * @param x rows of all steps, [rows, inputs]
 * @param initial states before the first step, each [batch, features], in the plan's order; zeros where missing
 */
export function scan(
  scope: Scope,
  startRun: StartRun,
  sizes: Readonly<Record<string, number>>,
  x: Tensor,
  plan: SequencePlan,
  weights: Tensors,
  initial: Tensors,
  { reverse, recurrentMask: mask, zoneout }: CarryOptions,
): Carried {
  const { arena, threads } = scope.engine;
  const { rows, batch } = plan;
  const [units, cells] = [sizes.h as number, sizes.c ?? 0];

  const h = new StateTrack(scope, plan, units, reverse, initial.h, zoneout.h);
  const c = cells > 0 ? new StateTrack(scope, plan, cells, reverse, initial.c, zoneout.c) : undefined;
  const masked = mask ? arena.allocate(rows * units) : 0;
  const step: Step = {
    ...{ kernels: scope.engine.kernels, rows: 0, first: 0, sequence: 0 },
    ...{ hPrevious: 0, read: 0, h: 0, cPrevious: 0, c: 0, dh: 0, dc: 0, dRead: 0 },
  };

  const run = startRun(scope, x, plan, weights);
  eachPart((commands, part, index) => {
    const t = reverse ? plan.steps - 1 - index : index;
    if (!moveTo(commands, part, t)) return;
    h.enter(commands, part, t);
    c?.enter(commands, part, t);
    if (mask) commands.multiply(step.rows * units, step.hPrevious, mask.address + part.from * units, step.read);
    run.forward(step);
    h.leave(commands, part, t);
    c?.leave(commands, part, t);
  });

  const output = scope.over(h.values, [rows, units]);
  const state: Tensors = { h: h.final, ...(c ? { c: c.final } : {}) };
  const inputsOfOp = [x, ...Object.values(weights), ...Object.values(initial)];
  scope.deriveAll([output, ...Object.values(state)], inputsOfOp, () => {
    const { kernels } = scope.engine;
    const dh = copyOrZeros(scope, state.h?.gradient, batch * units);
    const dc = c ? copyOrZeros(scope, state.c?.gradient, batch * cells) : 0;
    const dMasked = mask ? arena.allocate(batch * units) : 0;
    run.beginBackward();
    eachPart((commands, part, index) => {
      const t = reverse ? index : plan.steps - 1 - index;
      if (!moveTo(commands, part, t)) return;
      const size = step.rows * units;
      const first = part.from * units;
      step.dh = dh + first;
      step.dc = dc + part.from * cells;
      step.dRead = mask ? dMasked + first : step.dh;
      if (output.gradient) commands.addScaled(size, 1, output.gradient + step.first * units, step.dh);
      h.leaveBackward(commands, part, t, dh);
      c?.leaveBackward(commands, part, t, dc);
      if (mask) commands.fill(size, 0, step.dRead);
      run.backward(step);
      if (mask) commands.multiplyAdd(size, step.dRead, mask.address + first, step.dh);
      h.enterBackward(commands, part, t, dh);
      c?.enterBackward(commands, part, t, dc);
    });
    point(kernels, rows, 0, 0);
    run.addGradients(step);
    if (initial.h?.tracked) kernels.addScaled(batch * units, 1, dh, scope.gradientOf(initial.h));
    if (initial.c?.tracked) kernels.addScaled(batch * cells, 1, dc, scope.gradientOf(initial.c));
  });
  return { output, last: h.final, state };

  /** Does every step for every part of the batch, each part on a thread of its own: no sequence depends on another. */
  function eachPart(doStep: (commands: Commands, part: Part, index: number) => void): void {
    const parts = partsOf(plan, threads.countFor(run.work));
    threads.run(parts.length, plan.steps, (commands, part, index) => doStep(commands, parts[part] as Part, index));
  }

  /** Points `step` at a part's rows of step t; false where none of its sequences runs then. */
  function moveTo(commands: Commands, part: Part, t: number): boolean {
    point(commands, rowsIn(part, plan.sizes[t] as number), (plan.offsets[t] as number) + part.from, part.from);
    return step.rows > 0;
  }

  function point(commands: Commands, count: number, first: number, sequence: number): void {
    step.kernels = commands;
    step.rows = count;
    step.first = first;
    step.sequence = sequence;
    step.hPrevious = h.previous + first * units;
    step.read = mask ? masked + first * units : step.hPrevious;
    step.h = h.fresh + first * units;
    if (!c) return;
    step.cPrevious = c.previous + first * cells;
    step.c = c.fresh + first * cells;
  }
}

function copyOrZeros(scope: Scope, from: Address | undefined, length: number): Address {
  const { kernels, arena } = scope.engine;
  const copy = arena.allocate(length);
  if (from) kernels.copyRows(1, length, from, 0, copy, 0);
  else kernels.fill(length, 0, copy);
  return copy;
}
