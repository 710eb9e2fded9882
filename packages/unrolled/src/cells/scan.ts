import { addWeightGradient, packed } from "../autograd/ops/packed.js";
import type { Scope } from "../autograd/scope.js";
import { PRODUCT_SPEED } from "../engine/threads/splits.js";
import type { Commands } from "../engine/threads/threads.js";
import type { Address } from "../memory/memory.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Cell, Step, WeightName } from "./cell.js";
import { type Part, partsOf, rowsIn } from "./parts.js";
import type { Carried, CarryOptions, Tensors } from "./recurrent-cell.js";
import type { SequencePlan } from "./sequence-plan.js";
import { StateTrack } from "./state-track.js";

/** The weights of one layer and direction, in memory. */
export type CellWeights = Readonly<Record<WeightName, Tensor>>;

/**
 * Carries a cell through time: one op of the tape for a whole layer and direction over a batch of sequences.
 *
 * Forward: one product W_ih x for the rows of all steps; then step by step W_hh h' onto it and the cell's pointwise pass, for the rows
 * of the sequences that still run. Backward: step by step the pointwise derivative and dG·W_hh; then single products over all rows for
 * dW_ih, dW_hh and dx, and column sums for the biases.
 *
 * @param x rows of all steps, [rows, inputs]
 * @param initial states before the first step, each [batch, units], in the plan's order; zeros where missing
 */
export function scan(
  scope: Scope,
  cell: Cell,
  x: Tensor,
  plan: SequencePlan,
  weights: CellWeights,
  initial: Tensors,
  { reverse, recurrentMask: mask, zoneout }: CarryOptions,
): Carried {
  const { kernels, arena, threads } = scope.engine;
  const { weight_ih: wIh, weight_hh: wHh, bias_ih: bIh, bias_hh: bHh } = weights;
  const [width, inputs] = wIh.shape as [number, number];
  const units = wHh.shape[1] as number;
  const { rows, batch } = plan;

  const h = new StateTrack(scope, plan, units, reverse, initial.h, zoneout.h);
  const c = cell.states.includes("c") ? new StateTrack(scope, plan, units, reverse, initial.c, zoneout.c) : undefined;
  const gates = arena.allocate(rows * width);
  const saved = cell.saves ? arena.allocate(rows * units) : 0;
  const masked = mask ? arena.allocate(rows * units) : 0;
  const recurrent = cell.keepsRecurrentApart ? arena.allocate(batch * width) : 0;
  const step: Step = {
    ...{ kernels, units, rows: 0, gates, recurrent, saved },
    ...{ hPrevious: 0, h: 0, cPrevious: 0, c: 0, dh: 0, dc: 0 },
  };
  const work = (rows * width * units) / PRODUCT_SPEED;

  const packedIh = packed(scope, wIh, true);
  const packedHh = packed(scope, wHh, true);
  fillBias(scope, rows, bIh, cell.keepsRecurrentApart ? undefined : bHh, gates);
  kernels.multiplyPacked(rows, width, inputs, x.address, inputs, packedIh, gates, width);
  eachPart(work, plan.steps, (commands, part, index) => {
    const t = reverse ? plan.steps - 1 - index : index;
    if (!moveTo(commands, part, t)) return;
    h.enter(commands, part, t);
    c?.enter(commands, part, t);
    const source = mask ? masked + at(part, t) * units : step.hPrevious;
    if (mask) commands.multiply(step.rows * units, step.hPrevious, mask.address + part.from * units, source);
    step.recurrent = recurrent && recurrent + part.from * width;
    if (recurrent) commands.repeatRow(step.rows, width, bHh.address, step.recurrent);
    commands.multiplyPacked(step.rows, width, units, source, units, packedHh, step.recurrent || step.gates, width);
    cell.forward(step);
    h.leave(commands, part, t);
    c?.leave(commands, part, t);
  });

  const output = scope.over(h.values, [rows, units]);
  const state: Tensors = { h: h.final, ...(c ? { c: c.final } : {}) };
  const inputsOfOp = [x, wIh, wHh, bIh, bHh, ...Object.values(initial)];
  scope.deriveAll([output, ...Object.values(state)], inputsOfOp, () => {
    const dRecurrent = recurrent ? arena.allocate(rows * width) : gates;
    const dh = copyOrZeros(scope, state.h?.gradient, batch * units);
    const dc = c ? copyOrZeros(scope, state.c?.gradient, batch * units) : 0;
    const dMasked = mask ? arena.allocate(batch * units) : 0;
    const packedBack = packed(scope, wHh, false);
    eachPart(work, plan.steps, (commands, part, index) => {
      const t = reverse ? index : plan.steps - 1 - index;
      if (!moveTo(commands, part, t)) return;
      const size = step.rows * units;
      const first = part.from * units;
      step.recurrent = dRecurrent + at(part, t) * width;
      step.dh = dh + first;
      step.dc = dc + first;
      if (output.gradient) commands.addScaled(size, 1, output.gradient + at(part, t) * units, step.dh);
      h.leaveBackward(commands, part, t, dh);
      c?.leaveBackward(commands, part, t, dc);
      cell.backward(step);
      h.enterBackward(commands, part, t, dh);
      c?.enterBackward(commands, part, t, dc);
      const target = mask ? dMasked + first : step.dh;
      if (mask) commands.fill(size, 0, target);
      commands.multiplyPacked(step.rows, units, width, step.recurrent, width, packedBack, target, units);
      if (mask) commands.multiplyAdd(size, target, mask.address + first, step.dh);
    });
    const read = masked || h.previous;
    if (wIh.tracked) addWeightGradient(scope, rows, [width, inputs], gates, x.address, scope.gradientOf(wIh));
    if (wHh.tracked) addWeightGradient(scope, rows, [width, units], dRecurrent, read, scope.gradientOf(wHh));
    if (bIh.tracked) kernels.sumRows(rows, width, gates, width, scope.gradientOf(bIh));
    if (bHh.tracked) kernels.sumRows(rows, width, dRecurrent, width, scope.gradientOf(bHh));
    if (x.tracked) {
      kernels.multiplyPacked(rows, inputs, width, gates, width, packed(scope, wIh, false), scope.gradientOf(x), inputs);
    }
    if (initial.h?.tracked) kernels.addScaled(batch * units, 1, dh, scope.gradientOf(initial.h));
    if (initial.c?.tracked) kernels.addScaled(batch * units, 1, dc, scope.gradientOf(initial.c));
  });
  return { output, last: h.final, state };

  /** Does every step for every part of the batch, each part on a thread of its own: no sequence depends on another. */
  function eachPart(work: number, steps: number, doStep: (commands: Commands, part: Part, index: number) => void): void {
    const parts = partsOf(plan, threads.countFor(work));
    threads.run(parts.length, steps, (commands, part, index) => doStep(commands, parts[part] as Part, index));
  }

  /** The first of a part's rows at step t. */
  function at(part: Part, t: number): number {
    return (plan.offsets[t] as number) + part.from;
  }

  /** Points `step` at a part's rows of step t; false where none of its sequences runs then. */
  function moveTo(commands: Commands, part: Part, t: number): boolean {
    const row = at(part, t);
    step.kernels = commands;
    step.rows = rowsIn(part, plan.sizes[t] as number);
    step.gates = gates + row * width;
    step.saved = saved + row * units;
    step.hPrevious = h.previous + row * units;
    step.h = h.fresh + row * units;
    if (c) {
      step.cPrevious = c.previous + row * units;
      step.c = c.fresh + row * units;
    }
    return step.rows > 0;
  }
}

/** Every row of the gates begins as the bias, or as the sum of both where they only ever meet. */
function fillBias(scope: Scope, rows: number, bias: Tensor, other: Tensor | undefined, gates: Address): void {
  const { kernels } = scope.engine;
  if (!other) {
    kernels.repeatRow(rows, bias.size, bias.address, gates);
    return;
  }
  scope.scratch(bias.size, (both) => {
    kernels.add(bias.size, bias.address, other.address, both);
    kernels.repeatRow(rows, bias.size, both, gates);
  });
}

function copyOrZeros(scope: Scope, from: Address | undefined, length: number): Address {
  const { kernels, arena } = scope.engine;
  const copy = arena.allocate(length);
  if (from) kernels.copyRows(1, length, from, 0, copy, 0);
  else kernels.fill(length, 0, copy);
  return copy;
}
