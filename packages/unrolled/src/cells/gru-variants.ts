import { PRODUCT_SPEED } from "../engine/threads/splits.js";
import { glorotUniform, orthogonal } from "../tensor/initializers.js";
import type { Tensor } from "../tensor/tensor.js";
import type { StartRun } from "./cell.js";
import type { RecurrentCell } from "./recurrent-cell.js";
import { scan } from "./scan.js";
import { sidesOf } from "./sides.js";
import { ones, stackedBlocks, type WeightChoice, wanted, zeros } from "./weight-start.js";

export interface GruVariant {
  /**
   * Whether the reset gate acts after the product W_hn h' (cuDNN, PyTorch, Keras) or before it, on h' (Cho et al. 2014).
   * Default: true.
   */
  readonly resetAfter?: boolean;
  /**
   * Normalises W_ih x and W_hh h' within each sequence's step (Ba et al. 2016). Weights `weight_ln_ih`, `weight_ln_hh`
   * (gains). Default: false.
   */
  readonly layerNormalization?: boolean;
}

/**
 * The GRU with what has been proposed around it.
 *
 *   r = σ(a_r)    z = σ(a_z)    h = (1−z)⊙n + z⊙h'
 *   n = tanh(x_n + r⊙(W_hn h' + b_hn))      or, reset before, n = tanh(x_n + W_hn (r⊙h') + b_hn)
 *
 * Layer normalisation takes the gates r and z together, and the candidate n by itself, since reset before multiplies them apart.
 */
export function gruVariantCell(variant: GruVariant): RecurrentCell {
  const { layerNormalization } = variant;
  const states = (units: number) => ({ h: units });
  const startRun = gruVariantRun(variant);
  return {
    name: "gru",
    recurrentWeight: "weight_hh",
    states,
    outputSize: (units) => units,
    weights(inputSize, units) {
      const all: Readonly<Record<string, WeightChoice>> = {
        weight_ih: stackedBlocks(3, units, inputSize, (random) => glorotUniform(units, inputSize, random)),
        weight_hh: stackedBlocks(3, units, units, (random) => orthogonal(units, random)),
        bias_ih: zeros([3 * units]),
        bias_hh: zeros([3 * units]),
        weight_ln_ih: layerNormalization && ones([3 * units]),
        weight_ln_hh: layerNormalization && ones([3 * units]),
      };
      return wanted(all);
    },
    carry(scope, rows, plan, units, directions) {
      return scan(scope, startRun, states(units), rows, plan, directions);
    },
  };
}

/**
 * Its run: products, normalisation and memory of the gates r and z apart from those of the candidate, which waits for r.
 * What stands between r and the candidate is W_hn h' + b_hn, which r multiplies, or, reset before, r⊙h', which W_hn
 * multiplies.
 */
function gruVariantRun({ resetAfter = true, layerNormalization: normalized = false }: GruVariant): StartRun {
  return (scope, x, plan, weights, kept) => {
    const { arena } = scope.engine;
    const units = (weights.weight_hh as Tensor).shape[1] as number;
    const ofGates = sidesOf(scope, plan, weights, { normalized, to: 2 * units });
    const ofCandidate = sidesOf(scope, plan, weights, { normalized, from: 2 * units, apart: resetAfter });
    const gates = arena.allocate(2 * kept * units);
    const candidate = arena.allocate(kept * units);
    const between = arena.allocate(kept * units);
    let dBetween = 0;

    return {
      work: (3 * plan.rows * units * units) / PRODUCT_SPEED,
      prepare(block) {
        ofGates.input.prepare(block, x.address, gates);
        ofCandidate.input.prepare(block, x.address, candidate);
      },
      forward(step) {
        const { kernels, rows, kept, hPrevious, read, h } = step;
        const unit = kept * units;
        const [gate, n, middle] = [gates + 2 * unit, candidate + unit, between + unit];
        ofGates.recurrent.add(step, read, gate);
        if (resetAfter) {
          ofCandidate.recurrent.write(step, read, middle);
          kernels.gruVariantGates(rows, units, gate, middle, n);
        } else {
          kernels.fill(rows * units, 0, middle);
          kernels.gruVariantGates(rows, units, gate, read, middle);
          ofCandidate.recurrent.add(step, middle, n);
        }
        kernels.gruVariantHidden(rows, units, gate, n, hPrevious, h);
      },
      beginBackward() {
        for (const { input, recurrent } of [ofGates, ofCandidate]) {
          input.beginBackward();
          recurrent.beginBackward();
        }
        dBetween = scope.zeros([plan.rows, units]).address;
      },
      backward(step) {
        const { kernels, rows, first, hPrevious, read, dh, dRead } = step;
        const unit = first * units;
        const [gate, n, dMiddle] = [gates + 2 * unit, candidate + unit, dBetween + unit];
        kernels.gruVariantHiddenBackward(rows, units, gate, n, hPrevious, dh);
        if (resetAfter) {
          kernels.gruVariantGatesBackward(rows, units, gate, between + unit, n, dMiddle);
          ofCandidate.recurrent.backward(step, dMiddle, dRead);
        } else {
          ofCandidate.recurrent.backward(step, n, dMiddle);
          kernels.gruVariantGatesBackward(rows, units, gate, read, dMiddle, dRead);
        }
        ofGates.recurrent.backward(step, gate, dRead);
      },
      addGradients(all) {
        const dx = x.tracked ? scope.gradientOf(x) : 0;
        ofGates.input.backward(all, gates, dx);
        ofCandidate.input.backward(all, candidate, dx);
        ofGates.input.addGradients(gates, x.address);
        ofCandidate.input.addGradients(candidate, x.address);
        ofGates.recurrent.addGradients(gates, all.read);
        if (resetAfter) ofCandidate.recurrent.addGradients(dBetween, all.read);
        else ofCandidate.recurrent.addGradients(candidate, between);
      },
    };
  };
}
