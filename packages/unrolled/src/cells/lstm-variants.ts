import { add } from "../autograd/ops/add.js";
import { clamp } from "../autograd/ops/clamp.js";
import { layerNorm } from "../autograd/ops/layer-norm.js";
import { linear } from "../autograd/ops/linear.js";
import { multiply } from "../autograd/ops/multiply.js";
import { sigmoid } from "../autograd/ops/sigmoid.js";
import { slice } from "../autograd/ops/slice.js";
import { subtract } from "../autograd/ops/subtract.js";
import { tanh } from "../autograd/ops/tanh.js";
import { glorotUniform, orthogonal } from "../tensor/initializers.js";
import type { Tensor } from "../tensor/tensor.js";
import type { RecurrentCell, Tensors, WeightSpecification } from "./recurrent-cell.js";
import { LAYER_NORM_EPSILON, ones, stackedBlocks, zeros } from "./weight-start.js";
import { carryWrittenOut } from "./written-out.js";

export interface LstmVariant {
  /**
   * Normalises W_ih x, W_hh h' and c within each sequence's step (Ba et al. 2016). Weights `weight_ln_ih`, `weight_ln_hh` (gains; the biases are those
   * that stand there anyway) and `weight_ln_c`, `bias_ln_c`. Default: false.
   */
  readonly layerNormalization?: boolean;
  /** Gates see the cell state, each unit its own (Gers & Schmidhuber 2000). Weight `weight_peephole`, for i, f, o (i, o with coupled gates). Default: false. */
  readonly peepholes?: boolean;
  /** Features of `h`, projected from the units by `weight_hr` (Sak et al. 2014; PyTorch's proj_size). Default: as many as units. */
  readonly projectionSize?: number;
  /** f = 1 − i, so that one gate does both (Greff et al. 2017): three gates, i, g, o. Default: false. */
  readonly coupledGates?: boolean;
  /** Holds the cell state within ± this. Default: not at all. */
  readonly cellClip?: number;
}

/**
 * The LSTM with what has been proposed around it, written out in ops.
 *
 *   i = σ(a_i + p_i⊙c')      f = σ(a_f + p_f⊙c') or 1 − i      g = tanh(a_g)      c = clip(f⊙c' + i⊙g)
 *   o = σ(a_o + p_o⊙c)       h = W_hr (o⊙tanh(LN(c)))
 *
 * with a = W_ih x + b_ih + W_hh h' + b_hh, or LN(W_ih x) + LN(W_hh h') with gains and those biases.
 */
export function lstmVariantCell(variant: LstmVariant): RecurrentCell {
  const { layerNormalization, peepholes, projectionSize, coupledGates, cellClip } = variant;
  const gates = coupledGates ? 3 : 4;
  const outputs = (units: number) => projectionSize ?? units;
  const states = (units: number) => ({ h: outputs(units), c: units });
  return {
    name: "lstm",
    recurrentWeight: "weight_hh",
    states,
    outputSize: outputs,
    weights(inputSize, units) {
      const size = outputs(units);
      const width = gates * units;
      const forget = () => new Float64Array(width).fill(coupledGates ? 0 : 1, units, 2 * units);
      const all: Record<string, WeightSpecification | false | undefined> = {
        weight_ih: stackedBlocks(gates, units, inputSize, (random) => glorotUniform(units, inputSize, random)),
        weight_hh: stackedBlocks(gates, units, size, (random) =>
          size === units ? orthogonal(units, random) : glorotUniform(units, size, random),
        ),
        bias_ih: { shape: [width], initialValues: forget },
        bias_hh: zeros([width]),
        weight_hr: projectionSize !== undefined && {
          shape: [size, units],
          initialValues: (random) => glorotUniform(size, units, random),
        },
        weight_ln_ih: layerNormalization && ones([width]),
        weight_ln_hh: layerNormalization && ones([width]),
        weight_ln_c: layerNormalization && ones([units]),
        bias_ln_c: layerNormalization && zeros([units]),
        weight_peephole: peepholes && zeros([(gates - 1) * units]),
      };
      return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, WeightSpecification] => Boolean(entry[1])));
    },
    carry(scope, rows, plan, weights, initial, units, options) {
      const at = (name: string) => weights[name] as Tensor;
      const none = scope.zeros([gates * units]);
      const summed = (x: Tensor, side: "ih" | "hh") =>
        layerNormalization
          ? layerNorm(linear(x, at(`weight_${side}`), none), at(`weight_ln_${side}`), at(`bias_${side}`), LAYER_NORM_EPSILON)
          : linear(x, at(`weight_${side}`), at(`bias_${side}`));
      const peephole = (place: number) => slice(at("weight_peephole"), 0, place * units, (place + 1) * units);

      const step = (fromInput: Tensor, { h: hBefore, c: cBefore }: Tensors, mask: Tensor | undefined) => {
        const read = mask ? multiply(hBefore as Tensor, mask) : (hBefore as Tensor);
        const before = cBefore as Tensor;
        const a = add(fromInput, summed(read, "hh"));
        const gate = (place: number) => slice(a, 1, place * units, (place + 1) * units);
        const seeing = (value: Tensor, place: number, c: Tensor) =>
          peepholes ? add(value, multiply(peephole(place), c)) : value;

        const i = sigmoid(seeing(gate(0), 0, before));
        const f = coupledGates ? subtract(1, i) : sigmoid(seeing(gate(1), 1, before));
        const g = tanh(gate(gates - 2));
        const sum = add(multiply(f, before), multiply(i, g));
        const c = cellClip === undefined ? sum : clamp(sum, cellClip);
        const o = sigmoid(seeing(gate(gates - 1), gates - 2, c));
        const squashed = tanh(layerNormalization ? layerNorm(c, at("weight_ln_c"), at("bias_ln_c"), LAYER_NORM_EPSILON) : c);
        const full = multiply(o, squashed);
        const h = projectionSize === undefined ? full : linear(full, at("weight_hr"), scope.zeros([projectionSize]));
        return { output: h, state: { h, c } };
      };
      return carryWrittenOut(scope, step, summed(rows, "ih"), plan, states(units), initial, options);
    },
  };
}
