import type { Tensor } from "../../tensor/tensor.js";

/*
 * What recurrent layers are documented to compute, written down once more: one sequence at a time, number by number, in float64, with
 * nothing of the library but the names of the weights.
 */

export type Vector = readonly number[];
type StateName = "h" | "c";
export type State = Readonly<Record<StateName, Vector>>;

/** How a stack reads a sequence. Masks and shares of what is drawn at random come from outside. */
export interface Reading {
  readonly cell: "rnn" | "lstm" | "gru";
  /** Of the simple network. Default: tanh. */
  readonly activation?: "tanh" | "relu";
  /** Of the GRU: whether the reset gate acts on W_hn h' + b_hn, or on h' before the product. Default: after. */
  readonly resetAfter?: boolean;
  readonly units: number;
  readonly layers?: number;
  /** Both directions, merged so; forward only by default. */
  readonly merge?: "concat" | "sum" | "mul" | "average" | undefined;
  readonly goBackwards?: boolean;
  /** By place, 2·layer + direction, or layer where there is one direction. Default: zeros. */
  readonly begin?: readonly State[];
  /** x is multiplied by it at each step. */
  readonly inputMask?: Vector;
  /** By place: h' is multiplied by it where W_hh reads it. */
  readonly recurrentMasks?: readonly Vector[];
  /** How much of a state's new value at step t is taken, for each unit; the rest stays as it was. Default: all. */
  readonly taken?: (place: number, name: StateName, t: number) => Vector;
}

interface Weights {
  readonly wIh: readonly Vector[];
  readonly wHh: readonly Vector[];
  readonly bIh: Vector;
  readonly bHh: Vector;
}

/** The outputs of all steps, the last output (each direction's own last step), and the states at the end, by place. */
export function transcribe(
  weights: ReadonlyMap<string, Tensor>,
  sequence: readonly Vector[],
  reading: Reading,
): { outputs: Vector[]; last: Vector; ends: State[] } {
  const { layers = 1, merge, goBackwards = false, inputMask } = reading;
  const directions = merge ? 2 : 1;
  const ends: State[] = [];
  let steps = goBackwards ? [...sequence].reverse() : [...sequence];
  if (inputMask) steps = steps.map((x) => times(x, inputMask));
  let last: Vector = [];
  for (let layer = 0; layer < layers; layer++) {
    const read = Array.from({ length: directions }, (_, direction) =>
      readOnce(weightsOf(weights, layer, direction), steps, layer * directions + direction, direction === 1, reading),
    );
    ends.push(...read.map(({ end }) => end));
    steps = steps.map((_, t) =>
      merged(
        read.map(({ outputs }) => at(outputs, t)),
        merge,
      ),
    );
    last = merged(
      read.map(({ end }) => end.h),
      merge,
    );
  }
  return { outputs: steps, last, ends };
}

function readOnce(
  weights: Weights,
  steps: readonly Vector[],
  place: number,
  reverse: boolean,
  { cell, activation, resetAfter = true, units, begin, recurrentMasks, taken }: Reading,
): { outputs: Vector[]; end: State } {
  const zeros: Vector = Array(units).fill(0);
  let state: State = begin?.[place] ?? { h: zeros, c: zeros };
  const outputs: Vector[] = [];
  const order = steps.map((_, t) => (reverse ? steps.length - 1 - t : t));
  for (const t of order) {
    const read = recurrentMasks ? times(state.h, at(recurrentMasks, place)) : state.h;
    const fromX = affine(weights.wIh, at(steps, t), weights.bIh);
    const fromH = affine(weights.wHh, read, weights.bHh);
    const candidateOf = (r: Vector): Vector => {
      if (resetAfter) return times(r, fromH.slice(2 * units));
      return affine(weights.wHh, times(r, read), weights.bHh).slice(2 * units);
    };
    const fresh = stepOf(cell, activation ?? "tanh", units, fromX, fromH, state, candidateOf);
    const mix = (name: StateName): Vector => {
      const share = taken?.(place, name, t);
      const before = state[name];
      return share
        ? fresh[name].map((value, unit) => at(share, unit) * value + (1 - at(share, unit)) * at(before, unit))
        : fresh[name];
    };
    state = { h: mix("h"), c: mix("c") };
    outputs[t] = state.h;
  }
  return { outputs, end: state };
}

/** @param candidateOf what the GRU's candidate takes from h', given the reset gate */
function stepOf(
  cell: Reading["cell"],
  activation: "tanh" | "relu",
  units: number,
  fromX: Vector,
  fromH: Vector,
  before: State,
  candidateOf: (r: Vector) => Vector,
): State {
  const each = <R>(of: (unit: number) => R): R[] => Array.from({ length: units }, (_, unit) => of(unit));
  const gate = (index: number, squash: (value: number) => number): Vector =>
    each((unit) => squash(at(fromX, index * units + unit) + at(fromH, index * units + unit)));
  switch (cell) {
    case "rnn":
      return { h: gate(0, activation === "tanh" ? Math.tanh : (value) => Math.max(0, value)), c: before.c };
    case "lstm": {
      const [i, f, g, o] = [gate(0, sigmoid), gate(1, sigmoid), gate(2, Math.tanh), gate(3, sigmoid)];
      const c = each((unit) => at(f, unit) * at(before.c, unit) + at(i, unit) * at(g, unit));
      return { h: each((unit) => at(o, unit) * Math.tanh(at(c, unit))), c };
    }
    case "gru": {
      const [r, z] = [gate(0, sigmoid), gate(1, sigmoid)];
      const candidate = candidateOf(r);
      const n = each((unit) => Math.tanh(at(fromX, 2 * units + unit) + at(candidate, unit)));
      return { h: each((unit) => (1 - at(z, unit)) * at(n, unit) + at(z, unit) * at(before.h, unit)), c: before.c };
    }
  }
}

function merged([forward = [], backward]: readonly Vector[], merge: Reading["merge"]): Vector {
  if (!backward) return forward;
  if (merge === "concat") return [...forward, ...backward];
  return forward.map((a, feature) => {
    const b = at(backward, feature);
    if (merge === "mul") return a * b;
    return merge === "sum" ? a + b : (a + b) / 2;
  });
}

function weightsOf(weights: ReadonlyMap<string, Tensor>, layer: number, direction: number): Weights {
  const named = (name: string) => {
    const values = weights.get(`${name}_l${layer}${direction === 1 ? "_reverse" : ""}`)?.toArray();
    if (values === undefined) throw new Error(`no ${name} of layer ${layer}, direction ${direction}`);
    return values;
  };
  return {
    wIh: named("weight_ih") as number[][],
    wHh: named("weight_hh") as number[][],
    bIh: named("bias_ih") as number[],
    bHh: named("bias_hh") as number[],
  };
}

function affine(weight: readonly Vector[], x: Vector, bias: Vector): Vector {
  return weight.map((row, index) => row.reduce((total, w, column) => total + w * at(x, column), at(bias, index)));
}

function times(a: Vector, b: Vector): Vector {
  return a.map((value, index) => value * at(b, index));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`nothing at ${index} of ${values.length}`);
  return value;
}
