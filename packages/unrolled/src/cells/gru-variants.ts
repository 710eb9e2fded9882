import { add } from "../autograd/ops/add.js";
import { concat } from "../autograd/ops/concat.js";
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

export interface GruVariant {
  /** Whether the reset gate acts after the product W_hn h' (cuDNN, PyTorch, Keras) or before it, on h' (Cho et al. 2014). Default: true. */
  readonly resetAfter?: boolean;
  /** Normalises W_ih x and W_hh h' within each sequence's step (Ba et al. 2016). Weights `weight_ln_ih`, `weight_ln_hh` (gains). Default: false. */
  readonly layerNormalization?: boolean;
}

/**
 * The GRU with what has been proposed around it, written out in ops.
 *
 *   r = σ(a_r)    z = σ(a_z)    h = (1−z)⊙n + z⊙h'
 *   n = tanh(x_n + r⊙(W_hn h' + b_hn))      or, reset before, n = tanh(x_n + W_hn (r⊙h') + b_hn)
 *
 * Layer normalisation takes the gates r and z together, and the candidate n by itself, since reset before multiplies them apart.
 */
export function gruVariantCell({ resetAfter = true, layerNormalization = false }: GruVariant): RecurrentCell {
  const states = (units: number) => ({ h: units });
  return {
    name: "gru",
    recurrentWeight: "weight_hh",
    states,
    outputSize: (units) => units,
    weights(inputSize, units) {
      const all: Record<string, WeightSpecification | false> = {
        weight_ih: stackedBlocks(3, units, inputSize, (random) => glorotUniform(units, inputSize, random)),
        weight_hh: stackedBlocks(3, units, units, (random) => orthogonal(units, random)),
        bias_ih: zeros([3 * units]),
        bias_hh: zeros([3 * units]),
        weight_ln_ih: layerNormalization && ones([3 * units]),
        weight_ln_hh: layerNormalization && ones([3 * units]),
      };
      return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, WeightSpecification] => Boolean(entry[1])));
    },
    carry(scope, rows, plan, weights, initial, units, options) {
      const part = (name: string, from: number, to: number) => slice(weights[name] as Tensor, 0, from * units, to * units);
      /** Gates `from` to before `to` of one side's product. */
      const product = (x: Tensor, side: "ih" | "hh", from: number, to: number) => {
        const [weight, bias] = [part(`weight_${side}`, from, to), part(`bias_${side}`, from, to)];
        if (!layerNormalization) return linear(x, weight, bias);
        const none = scope.zeros([(to - from) * units]);
        return layerNorm(linear(x, weight, none), part(`weight_ln_${side}`, from, to), bias, LAYER_NORM_EPSILON);
      };

      const gatesIn = product(rows, "ih", 0, 2);
      const candidateIn = product(rows, "ih", 2, 3);
      const step = (fromInput: Tensor, { h: hBefore }: Tensors, mask: Tensor | undefined) => {
        const before = hBefore as Tensor;
        const read = mask ? multiply(before, mask) : before;
        const a = add(slice(fromInput, 1, 0, 2 * units), product(read, "hh", 0, 2));
        const r = sigmoid(slice(a, 1, 0, units));
        const z = sigmoid(slice(a, 1, units, 2 * units));
        const recurrent = resetAfter ? multiply(r, product(read, "hh", 2, 3)) : product(multiply(r, read), "hh", 2, 3);
        const n = tanh(add(slice(fromInput, 1, 2 * units, 3 * units), recurrent));
        const h = add(n, multiply(z, subtract(before, n)));
        return { output: h, state: { h } };
      };
      return carryWrittenOut(scope, step, concat([gatesIn, candidateIn]), plan, states(units), initial, options);
    },
  };
}
