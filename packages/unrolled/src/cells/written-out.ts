import { concat } from "../autograd/ops/concat.js";
import { slice } from "../autograd/ops/slice.js";
import type { Scope } from "../autograd/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Carried, Direction, Tensors } from "./recurrent-cell.js";
import type { SequencePlan } from "./sequence-plan.js";

/** One step in ops, for the sequences that run: `x: [sequences, features]`, states `[sequences, …]` alike. */
export type WrittenOutStep = (x: Tensor, state: Tensors) => { output: Tensor; state: Tensors };

/**
 * Carries a step that is written out in ops through time: each op of each step stands on the tape by itself. Slower than `scan`, and right for
 * any formula.
 *
 * @param rows what the steps read, [rows, features]
 * @param sizes features of each state
 */
export function carryWrittenOut(
  scope: Scope,
  step: WrittenOutStep,
  rows: Tensor,
  plan: SequencePlan,
  sizes: Readonly<Record<string, number>>,
  { initial: given, reverse }: Direction,
): Carried {
  const initial = Object.fromEntries(
    Object.entries(sizes).map(([name, features]) => [name, given[name] ?? scope.zeros([plan.batch, features])]),
  );
  const outputs: Tensor[] = [];
  const ended: Tensors[] = [];
  let state: Tensors = {};
  for (let index = 0; index < plan.steps; index++) {
    const t = reverse ? plan.steps - 1 - index : index;
    const first = plan.offsets[t] as number;
    const count = plan.sizes[t] as number;
    const going = Math.min(sizeAt(plan, reverse ? t + 1 : t - 1), count);
    const staying = Math.min(sizeAt(plan, reverse ? t - 1 : t + 1), count);

    const begun = mapTensors(initial, (value) => slice(value, 0, going, count));
    const before = joined(
      mapTensors(state, (value) => slice(value, 0, 0, going)),
      begun,
      going,
      count,
    );
    const { output, state: after } = step(slice(rows, 0, first, first + count), before);
    state = after;
    outputs[t] = output;
    if (staying < count) {
      ended.unshift(mapTensors({ ...state, [OUTPUT]: output }, (value) => slice(value, 0, staying, count)));
    }
  }
  const { [OUTPUT]: last, ...final } = mapTensors(ended[0] as Tensors, (_value, name) =>
    concat(
      ended.map((part) => part[name] as Tensor),
      0,
    ),
  );
  return { output: concat(outputs, 0), last: last as Tensor, state: final };
}

/** No name of a state. */
const OUTPUT = " output";

/** How many sequences run at a step; none before the first and after the last. */
function sizeAt(plan: SequencePlan, t: number): number {
  return t < 0 || t >= plan.steps ? 0 : (plan.sizes[t] as number);
}

function joined(going: Tensors, begun: Tensors, goingCount: number, count: number): Tensors {
  if (goingCount === 0) return begun;
  if (goingCount === count) return going;
  return mapTensors(going, (value, name) => concat([value, begun[name] as Tensor], 0));
}

function mapTensors(tensors: Tensors, change: (value: Tensor, name: string) => Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, value]) => [name, change(value, name)]));
}
