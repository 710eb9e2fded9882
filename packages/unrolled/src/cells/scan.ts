import { addWeightGradient, packed } from "../autograd/ops/packed.js";
import type { Scope } from "../autograd/scope.js";
import type { Address } from "../memory/memory.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Cell, StateName, Step, WeightName } from "./cell.js";

/** How the rows of a batch of sequences lie in memory: time-major, row t·batch + b is step t of sequence b. */
export interface SequencePlan {
  readonly batch: number;
  readonly time: number;
}

export type CellWeights = Readonly<Record<WeightName, Tensor>>;
export type CellState = Readonly<Partial<Record<StateName, Tensor>>>;

export interface ScanResult {
  /** h of every step, [time·batch, units]. */
  readonly output: Tensor;
  /** States after the last step, each [batch, units]. */
  readonly state: CellState;
}

/**
 * Carries a cell through time: one op of the tape for a whole layer over a whole sequence.
 *
 * Forward: one product W_ih x for the rows of all steps; then step by step W_hh h' onto it and the cell's pointwise pass. Backward:
 * step by step the pointwise derivative and dG·W_hh; then single products over all rows for dW_ih, dW_hh and dx, and column sums
 * for the biases.
 *
 * @param x rows of all steps, [time·batch, inputs]
 * @param initial states before the first step, each [batch, units]; zeros where missing
 */
export function scan(
  scope: Scope,
  cell: Cell,
  x: Tensor,
  { batch, time }: SequencePlan,
  weights: CellWeights,
  initial: CellState,
): ScanResult {
  const { kernels, arena } = scope.engine;
  const { weight_ih: wIh, weight_hh: wHh, bias_ih: bIh, bias_hh: bHh } = weights;
  const [width, inputs] = wIh.shape as [number, number];
  const units = wHh.shape[1] as number;
  const rows = time * batch;
  const stepSize = batch * units;

  const h = withInitial(scope, initial.h, rows, batch, units);
  const c = cell.states.includes("c") ? withInitial(scope, initial.c, rows, batch, units) : 0;
  const gates = arena.allocate(rows * width);
  const saved = cell.saves ? arena.allocate(rows * units) : 0;

  const packedIh = packed(scope, wIh, true);
  const packedHh = packed(scope, wHh, true);
  const recurrent = cell.keepsRecurrentApart ? arena.allocate(batch * width) : 0;
  const step: Step = { kernels, rows: batch, units, gates, recurrent, saved, hPrevious: h, h, cPrevious: c, c, dh: 0, dc: 0 };

  fillBias(scope, rows, bIh, cell.keepsRecurrentApart ? undefined : bHh, gates);
  kernels.multiplyPacked(rows, width, inputs, x.address, inputs, packedIh, gates, width);
  for (let t = 0; t < time; t++) {
    moveTo(t);
    const target = recurrent || step.gates;
    if (recurrent) kernels.repeatRow(batch, width, bHh.address, recurrent);
    kernels.multiplyPacked(batch, width, units, step.hPrevious, units, packedHh, target, width);
    cell.forward(step);
  }

  const output = scope.over(h + stepSize, [rows, units]);
  const last = time * stepSize;
  const state: CellState = {
    h: scope.over(h + last, [batch, units]),
    ...(c ? { c: scope.over(c + last, [batch, units]) } : {}),
  };

  const inputsOfOp = [x, wIh, wHh, bIh, bHh, ...Object.values(initial)];
  scope.deriveAll([output, ...Object.values(state)], inputsOfOp, () => {
    const dRecurrent = recurrent ? arena.allocate(rows * width) : gates;
    const dh = copyOrZeros(scope, state.h?.gradient, stepSize);
    const dc = c ? copyOrZeros(scope, state.c?.gradient, stepSize) : 0;
    const packedBack = packed(scope, wHh, false);
    Object.assign(step, { dh, dc });
    for (let t = time - 1; t >= 0; t--) {
      moveTo(t);
      step.recurrent = dRecurrent + t * batch * width;
      if (output.gradient) kernels.addScaled(stepSize, 1, output.gradient + t * stepSize, dh);
      cell.backward(step);
      kernels.multiplyPacked(batch, units, width, step.recurrent, width, packedBack, dh, units);
    }
    if (wIh.tracked) addWeightGradient(scope, rows, [width, inputs], gates, x.address, scope.gradientOf(wIh));
    if (wHh.tracked) addWeightGradient(scope, rows, [width, units], dRecurrent, h, scope.gradientOf(wHh));
    if (bIh.tracked) kernels.sumRows(rows, width, gates, scope.gradientOf(bIh));
    if (bHh.tracked) kernels.sumRows(rows, width, dRecurrent, scope.gradientOf(bHh));
    if (x.tracked) {
      kernels.multiplyPacked(rows, inputs, width, gates, width, packed(scope, wIh, false), scope.gradientOf(x), inputs);
    }
    if (initial.h?.tracked) kernels.addScaled(stepSize, 1, dh, scope.gradientOf(initial.h));
    if (initial.c?.tracked) kernels.addScaled(stepSize, 1, dc, scope.gradientOf(initial.c));
  });
  return { output, state };

  function moveTo(t: number): void {
    step.gates = gates + t * batch * width;
    step.saved = saved + t * stepSize;
    step.hPrevious = h + t * stepSize;
    step.h = step.hPrevious + stepSize;
    step.cPrevious = c + t * stepSize;
    step.c = step.cPrevious + stepSize;
  }
}

/** Memory for a state before the first step and after each: [(time + 1)·batch, units], the first block filled. */
function withInitial(scope: Scope, initial: Tensor | undefined, rows: number, batch: number, units: number): Address {
  const { kernels, arena } = scope.engine;
  const states = arena.allocate((rows + batch) * units);
  if (initial) kernels.copyRows(1, batch * units, initial.address, 0, states, 0);
  else kernels.fill(batch * units, 0, states);
  return states;
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
