import type { Scope } from "../autograd/scope.js";
import type { RandomStream } from "../tensor/random.js";
import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { SequencePlan } from "./sequence-plan.js";

export type Tensors = Readonly<Record<string, Tensor>>;

/** A weight of one layer and direction: its shape, and the values that it begins with. */
export interface WeightSpecification {
  readonly shape: Shape;
  readonly initialValues: (random: RandomStream) => ArrayLike<number>;
}

/** One direction of a layer: what a cell is carried through time with. */
export interface Direction {
  /** Weights by name, without the suffix of their layer. */
  readonly weights: Tensors;
  /** States before the first step, each [batch, features], in the plan's order; zeros where missing. */
  readonly initial: Tensors;
  /** Each sequence from its own end to its beginning. */
  readonly reverse: boolean;
  /** [batch, units], in the plan's order: what h' is multiplied by where the recurrent product reads it. */
  readonly recurrentMask?: Tensor;
  /** [rows, units] for each state: 1 takes a unit's new value, 0 keeps the one before, between mixes (zoneout, Krueger et al. 2017). */
  readonly zoneout: Tensors;
}

export interface Carried {
  /** The output of every step, [rows, features]. */
  readonly output: Tensor;
  /** The output of each sequence's last step, [batch, features], in the plan's order. */
  readonly last: Tensor;
  /** The states after each sequence's last step, [batch, …], in the plan's order. */
  readonly state: Tensors;
}

/** What a recurrent layer needs of a cell, built in or one's own. */
export interface RecurrentCell {
  readonly name: string;
  /** Features of each state, by name. */
  states(units: number): Readonly<Record<string, number>>;
  /** Features of the output. */
  outputSize(units: number): number;
  /** Weights by name, without the suffix of their layer. */
  weights(inputSize: number, units: number): Readonly<Record<string, WeightSpecification>>;
  /** The weight that multiplies h', for cells whose steps run in fused kernels; dropout on it and on h', and zoneout, need one. */
  readonly recurrentWeight?: string;
  /** Carries rows, [rows, inputs], through time in each direction. */
  carry(scope: Scope, rows: Tensor, plan: SequencePlan, units: number, directions: readonly Direction[]): Carried[];
}
