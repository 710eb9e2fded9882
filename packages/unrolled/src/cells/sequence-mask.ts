import { dropout } from "../autograd/ops/dropout.js";
import { keyedDropout } from "../autograd/ops/keyed-dropout.js";
import { selectRows } from "../autograd/ops/rows.js";
import type { Scope } from "../autograd/scope.js";
import type { RandomStream } from "../tensor/random.js";
import { Tensor } from "../tensor/tensor.js";
import type { SequencePlan } from "./sequence-plan.js";

/**
 * A mask that is 1 / (1 − rate) or 0, drawn once for each sequence: [batch, features] in the plan's order. It is keyed by the sequence's
 * place in the batch from outside, so that it doesn't depend on how lengths sort it.
 */
export function sequenceMask(scope: Scope, plan: SequencePlan, features: number, rate: number, random: RandomStream): Tensor {
  const ones = scope.empty([plan.batch, features]);
  scope.engine.kernels.fill(ones.size, 1, ones.address);
  const mask = dropout(ones, rate, random);
  return plan.order ? selectRows(scope, mask, plan.order) : mask;
}

/**
 * Dropout with a mask of its own for each step. It is keyed by the sequence's place in the batch from outside, so that it doesn't depend on how
 * lengths sort it.
 */
export function dropSteps(scope: Scope, rows: Tensor, plan: SequencePlan, rate: number, random: RandomStream): Tensor {
  if (!plan.order) return dropout(rows, rate, random);
  // the rows that they are where all sequences have the same length
  const keys = plan.source.map((place) => (place % plan.time) * plan.batch + Math.floor(place / plan.time));
  return keyedDropout(rows, rate, random, scope.useIndices(Tensor.owning(keys, [plan.rows])));
}

/** rows⊙mask, the same mask for all steps of a sequence. rows: [rows, features], mask: [batch, features] in the plan's order. */
export function maskSequences(scope: Scope, rows: Tensor, plan: SequencePlan, mask: Tensor): Tensor {
  const { kernels } = scope.engine;
  const features = rows.shape[1] as number;
  const y = scope.empty(rows.shape);
  for (let t = 0; t < plan.steps; t++) {
    const first = (plan.offsets[t] as number) * features;
    kernels.multiply((plan.sizes[t] as number) * features, rows.address + first, mask.address, y.address + first);
  }
  // drows = dy⊙mask
  return scope.derive(y, [rows], (dy) => {
    const dRows = scope.gradientOf(rows);
    for (let t = 0; t < plan.steps; t++) {
      const first = (plan.offsets[t] as number) * features;
      kernels.multiplyAdd((plan.sizes[t] as number) * features, dy + first, mask.address, dRows + first);
    }
  });
}
