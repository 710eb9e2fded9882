import type { Scope } from "../autograd/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { Product } from "./product.js";
import type { Tensors } from "./recurrent-cell.js";
import type { SequencePlan } from "./sequence-plan.js";
import { WeightRows } from "./weight-rows.js";

/** What some gates read: W_ih x + b_ih and W_hh h' + b_hh. */
export interface Sides {
  readonly input: Product;
  readonly recurrent: Product;
}

interface SidesOptions {
  /**
   * Whether the sides meet otherwise than by a sum. Else both biases are added to the input's side, once for all steps.
   * Default: no.
   */
  readonly apart?: boolean;
  /** Layer normalisation of each side, with the gains `weight_ln_ih` and `weight_ln_hh`. Default: no. */
  readonly normalized?: boolean;
  /** The gates' rows of the weights. Default: all. */
  readonly from?: number;
  readonly to?: number;
}

/** The products of both sides, for some gates of a cell. */
export function sidesOf(
  scope: Scope,
  plan: SequencePlan,
  weights: Tensors,
  { apart = false, normalized = false, from, to }: SidesOptions,
): Sides {
  const rowsOf = (name: string) => new WeightRows(scope, weights[name] as Tensor, from, to);
  const side = (name: string, biases: readonly WeightRows[]) =>
    new Product(scope, plan, {
      weight: rowsOf(`weight_${name}`),
      biases,
      gain: normalized ? rowsOf(`weight_ln_${name}`) : undefined,
    });
  const [bIh, bHh] = [rowsOf("bias_ih"), rowsOf("bias_hh")];
  const together = !apart && !normalized;
  return { input: side("ih", together ? [bIh, bHh] : [bIh]), recurrent: side("hh", together ? [] : [bHh]) };
}
