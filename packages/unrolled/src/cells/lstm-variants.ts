import { PRODUCT_SPEED } from "../engine/threads/splits.js";
import type { Address } from "../memory/memory.js";
import { glorotUniform, orthogonal } from "../tensor/initializers.js";
import type { Tensor } from "../tensor/tensor.js";
import type { StartRun } from "./cell.js";
import { Normalization } from "./normalization.js";
import { Product } from "./product.js";
import type { RecurrentCell } from "./recurrent-cell.js";
import { scan } from "./scan.js";
import { sidesOf } from "./sides.js";
import { WeightRows } from "./weight-rows.js";
import { ones, stackedBlocks, type WeightChoice, wanted, zeros } from "./weight-start.js";

export interface LstmVariant {
  /**
   * Normalises W_ih x, W_hh h' and c within each sequence's step (Ba et al. 2016). Weights `weight_ln_ih`, `weight_ln_hh`
   * (gains; the biases are those that stand there anyway) and `weight_ln_c`, `bias_ln_c`. Default: false.
   */
  readonly layerNormalization?: boolean;
  /**
   * Gates see the cell state, each unit its own (Gers & Schmidhuber 2000). Weight `weight_peephole`, for i, f, o (i, o
   * with coupled gates). Default: false.
   */
  readonly peepholes?: boolean;
  /**
   * Features of `h`, projected from the units by `weight_hr` (Sak et al. 2014; PyTorch's proj_size). Default: as many as
   * units.
   */
  readonly projectionSize?: number;
  /** f = 1 − i, so that one gate does both (Greff et al. 2017): three gates, i, g, o. Default: false. */
  readonly coupledGates?: boolean;
  /** Holds the cell state within ± this. Default: not at all. */
  readonly cellClip?: number;
}

/**
 * The LSTM with what has been proposed around it.
 *
 *   i = σ(a_i + p_i⊙c')      f = σ(a_f + p_f⊙c') or 1 − i      g = tanh(a_g)      c = clip(f⊙c' + i⊙g)
 *   o = σ(a_o + p_o⊙c)       h = W_hr (o⊙tanh(LN(c)))
 *
 * with a = W_ih x + b_ih + W_hh h' + b_hh, or LN(W_ih x) + LN(W_hh h') with gains and those biases.
 */
export function lstmVariantCell(variant: LstmVariant): RecurrentCell {
  const { layerNormalization, peepholes, projectionSize, coupledGates } = variant;
  const gates = coupledGates ? 3 : 4;
  const outputs = (units: number) => projectionSize ?? units;
  const states = (units: number) => ({ h: outputs(units), c: units });
  const startRun = lstmVariantRun(variant);
  return {
    name: "lstm",
    recurrentWeight: "weight_hh",
    states,
    outputSize: outputs,
    weights(inputSize, units) {
      const size = outputs(units);
      const width = gates * units;
      const forget = () => new Float64Array(width).fill(coupledGates ? 0 : 1, units, 2 * units);
      const all: Readonly<Record<string, WeightChoice>> = {
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
      return wanted(all);
    },
    carry(scope, rows, plan, units, directions) {
      return scan(scope, startRun, states(units), rows, plan, directions);
    },
  };
}

/**
 * Its run. At a step: W_hh h' onto the gates; i, f, g and c; LN(c); o and o⊙tanh; W_hr. Backward the same way round,
 * keeping of each step what the weights' gradients need, which so are single products and sums over all rows.
 */
function lstmVariantRun(variant: LstmVariant): StartRun {
  const { coupledGates: coupled = false, cellClip = Number.POSITIVE_INFINITY, layerNormalization: normalized = false } = variant;
  return (scope, x, plan, weights, kept) => {
    const { arena, precision } = scope.engine;
    const [width, outputs] = (weights.weight_hh as Tensor).shape as [number, number];
    const units = width / (coupled ? 3 : 4);
    const own = (name: string) => new WeightRows(scope, weights[name] as Tensor);
    const sides = sidesOf(scope, plan, weights, { normalized });
    const projection = variant.projectionSize && new Product(scope, plan, { weight: own("weight_hr"), biases: [] });
    const normalization = normalized && new Normalization(scope, plan.rows, own("weight_ln_c"), own("bias_ln_c"));
    const peepholes = variant.peepholes ? own("weight_peephole") : undefined;
    const peephole = peepholes?.address ?? 0;
    // where c is held it is the limit as the engine's numbers have it
    const limit = precision === "float32" ? Math.fround(cellClip) : cellClip;

    const gates = arena.allocate(kept * width);
    const tanhC = arena.allocate(kept * units);
    const unprojected = projection ? arena.allocate(kept * units) : 0;
    const normalC = normalization ? arena.allocate(plan.batch * units) : 0;
    let [dProjected, dUnprojected, dNormalC] = [0, 0, 0];

    return {
      work: (plan.rows * (width + (projection ? units : 0)) * outputs) / PRODUCT_SPEED,
      prepare(block) {
        sides.input.prepare(block, x.address, gates);
      },
      forward(step) {
        const { kernels, rows, kept, sequence, read, cPrevious, c, h } = step;
        const [gate, unit] = [gates + kept * width, kept * units];
        sides.recurrent.add(step, read, gate);
        kernels.lstmVariantCell(rows, units, coupled, gate, peephole, limit, cPrevious, c);
        const seen = normalization ? normalC + sequence * units : c;
        if (normalization) normalization.forward(step, c, seen);
        const hidden = projection ? unprojected + unit : h;
        kernels.lstmVariantHidden(rows, units, coupled, gate, peephole, c, seen, tanhC + unit, hidden);
        if (projection) projection.write(step, hidden, h);
      },
      beginBackward() {
        sides.input.beginBackward();
        sides.recurrent.beginBackward();
        if (normalization) dNormalC = scope.zeros([plan.rows, units]).address;
        if (!projection) return;
        projection.beginBackward();
        dProjected = arena.allocate(plan.rows * outputs);
        dUnprojected = arena.allocate(plan.batch * units);
      },
      backward(step) {
        const { kernels, rows, first, sequence, cPrevious, c, dh, dc, dRead } = step;
        const [gate, unit] = [gates + first * width, first * units];
        const dHidden = projection ? dUnprojected + sequence * units : dh;
        if (projection) {
          const kept = dProjected + first * outputs;
          kernels.copyRows(1, rows * outputs, dh, 0, kept, 0);
          kernels.fill(rows * units, 0, dHidden);
          projection.backward(step, kept, dHidden);
        }
        const dSeen = normalization ? dNormalC + unit : dc;
        kernels.lstmVariantHiddenBackward(rows, units, coupled, gate, peephole, tanhC + unit, dHidden, dc, dSeen);
        if (normalization) normalization.backward(step, c, dSeen, dc);
        kernels.lstmVariantCellBackward(rows, units, coupled, gate, peephole, limit, cPrevious, c, dc);
        kernels.fill(rows * outputs, 0, dh); // h' reaches h through the gates alone
        sides.recurrent.backward(step, gate, dRead);
      },
      addGradients(all) {
        const { kernels, rows, read, cPrevious, c } = all;
        sides.input.backward(all, gates, x.tracked ? scope.gradientOf(x) : 0);
        sides.input.addGradients(gates, x.address);
        sides.recurrent.addGradients(gates, read);
        if (projection) projection.addGradients(dProjected, unprojected);
        if (normalization) normalization.addGradients(rows, c, dNormalC);
        if (!peepholes?.tracked) return;
        const { gradient } = peepholes;
        const addGradient = (gate: number, cells: Address, place: number) =>
          kernels.lstmPeepholeGradient(rows, units, gates + gate * units, width, cells, gradient + place * units);
        addGradient(0, cPrevious, 0);
        if (!coupled) addGradient(1, cPrevious, 1);
        addGradient(coupled ? 2 : 3, c, coupled ? 1 : 2);
      },
    };
  };
}
