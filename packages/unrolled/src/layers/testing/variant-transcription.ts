import type { Tensor } from "../../tensor/tensor.js";
import type { State, Vector } from "./transcription.js";

/*
 * The variants of LSTM and GRU as their authors describe them, written down once more: one sequence at a time, number by number, in float64,
 * with nothing of the library but the names of the weights. Gates are named, not counted: each has rows of its own in a stack of blocks.
 */

export interface VariantReading {
  readonly cell: "lstm" | "gru";
  readonly units: number;
  readonly layers?: number;
  /** Both directions, one behind the other. */
  readonly bothWays?: boolean;
  /** By place, 2·layer + direction, or layer where there is one direction. Default: zeros. */
  readonly begin?: readonly State[];
  readonly layerNormalization?: boolean;
  readonly peepholes?: boolean;
  readonly projectionSize?: number;
  readonly coupledGates?: boolean;
  readonly cellClip?: number;
  readonly resetAfter?: boolean;
}

/** The outputs of all steps and the states at the end, by place. */
export function transcribeVariant(
  weights: ReadonlyMap<string, Tensor>,
  sequence: readonly Vector[],
  reading: VariantReading,
): { outputs: Vector[]; ends: State[] } {
  const { layers = 1, bothWays = false, units, projectionSize = units } = reading;
  const directions = bothWays ? 2 : 1;
  const ends: State[] = [];
  let steps = [...sequence];
  for (let layer = 0; layer < layers; layer++) {
    const outputs: Vector[] = steps.map(() => []);
    for (let direction = 0; direction < directions; direction++) {
      const own = (name: string) => {
        const weight = weights.get(`${name}_l${layer}${direction === 1 ? "_reverse" : ""}`);
        if (!weight) throw new Error(`no ${name} of layer ${layer}, direction ${direction}`);
        return weight.toArray();
      };
      let state: State = reading.begin?.[layer * directions + direction] ?? { h: zeros(projectionSize), c: zeros(units) };
      const order = steps.map((_, t) => (direction === 1 ? steps.length - 1 - t : t));
      for (const t of order) {
        state = (reading.cell === "lstm" ? lstmStep : gruStep)(own, at(steps, t), state, reading);
        outputs[t] = [...at(outputs, t), ...state.h];
      }
      ends.push(state);
    }
    steps = outputs;
  }
  return { outputs: steps, ends };
}

type Weight = (name: string) => unknown;

function lstmStep(own: Weight, x: Vector, before: State, reading: VariantReading): State {
  const { units, layerNormalization, peepholes, projectionSize, coupledGates, cellClip } = reading;
  const names = coupledGates ? ["i", "g", "o"] : ["i", "f", "g", "o"];
  const a = sides(own, x, before.h, 0, names.length, units, layerNormalization).map(([fromX, fromH]) => fromX + fromH);
  const gate = (name: string) => a.slice(names.indexOf(name) * units, (names.indexOf(name) + 1) * units);
  const peeping = coupledGates ? ["i", "o"] : ["i", "f", "o"];
  const peephole = (name: string, unit: number) =>
    peepholes ? at(own("weight_peephole") as number[], peeping.indexOf(name) * units + unit) : 0;

  const c = before.c.map((previous, unit) => {
    const i = sigmoid(at(gate("i"), unit) + peephole("i", unit) * previous);
    const f = coupledGates ? 1 - i : sigmoid(at(gate("f"), unit) + peephole("f", unit) * previous);
    const fresh = f * previous + i * Math.tanh(at(gate("g"), unit));
    return cellClip === undefined ? fresh : Math.max(-cellClip, Math.min(cellClip, fresh));
  });
  const seen = layerNormalization ? normalized(c, own("weight_ln_c") as number[], own("bias_ln_c") as number[]) : c;
  const full = c.map((value, unit) => sigmoid(at(gate("o"), unit) + peephole("o", unit) * value) * Math.tanh(at(seen, unit)));
  if (projectionSize === undefined) return { h: full, c };
  return { h: (own("weight_hr") as number[][]).map((row) => product(row, full)), c };
}

function gruStep(own: Weight, x: Vector, before: State, reading: VariantReading): State {
  const { units, layerNormalization, resetAfter = true } = reading;
  const gates = sides(own, x, before.h, 0, 2, units, layerNormalization).map(([fromX, fromH]) => sigmoid(fromX + fromH));
  const r = gates.slice(0, units);
  const z = gates.slice(units);
  const read = resetAfter ? before.h : before.h.map((value, unit) => at(r, unit) * value);
  const candidate = sides(own, x, read, 2, 3, units, layerNormalization);
  const h = candidate.map(([fromX, fromH], unit) => {
    const n = Math.tanh(fromX + (resetAfter ? at(r, unit) * fromH : fromH));
    return (1 - at(z, unit)) * n + at(z, unit) * at(before.h, unit);
  });
  return { h, c: before.c };
}

/** W_ih x + b_ih and W_hh h + b_hh of gates `from` to before `to`, normalised together where asked for. */
function sides(
  own: Weight,
  x: Vector,
  h: Vector,
  from: number,
  to: number,
  units: number,
  layerNormalization = false,
): [fromX: number, fromH: number][] {
  const side = (name: string, input: Vector): Vector => {
    const part = <T>(of: string) => (own(of) as T[]).slice(from * units, to * units);
    const products = part<number[]>(`weight_${name}`).map((row) => product(row, input));
    const bias = part<number>(`bias_${name}`);
    if (layerNormalization) return normalized(products, part<number>(`weight_ln_${name}`), bias);
    return products.map((value, index) => value + at(bias, index));
  };
  const fromH = side("hh", h);
  return side("ih", x).map((value, index) => [value, at(fromH, index)]);
}

/** Ba et al. 2016, with PyTorch's epsilon: (x − mean) / √(variance + 1e-5) ⊙ gain + bias. */
function normalized(x: Vector, gain: Vector, bias: Vector): Vector {
  const mean = x.reduce((total, value) => total + value, 0) / x.length;
  const variance = x.reduce((total, value) => total + (value - mean) ** 2, 0) / x.length;
  return x.map((value, index) => ((value - mean) / Math.sqrt(variance + 1e-5)) * at(gain, index) + at(bias, index));
}

function product(row: Vector, x: Vector): number {
  return row.reduce((total, weight, index) => total + weight * at(x, index), 0);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function zeros(length: number): Vector {
  return Array<number>(length).fill(0);
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`nothing at ${index} of ${values.length}`);
  return value;
}
