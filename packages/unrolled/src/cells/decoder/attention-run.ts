import type { Scope } from "../../autograd/scope.js";
import type { Address } from "../../memory/memory.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { RowRange } from "../cell.js";
import { Product } from "../product.js";
import type { Tensors } from "../recurrent-cell.js";
import type { SequencePlan } from "../sequence-plan.js";
import { WeightRows } from "../weight-rows.js";

/** What a batch of sequences attends to: places, each with a key that it is found by and a value that is read. */
export interface Attended {
  /** [places, depth] */
  readonly keys: Tensor;
  /** [places, width] */
  readonly values: Tensor;
  /** The first place of each sequence, in the plan's order: indices [batch]. */
  readonly starts: Tensor;
  /** How many places each sequence sees: indices [batch]. */
  readonly lengths: Tensor;
  /** The most of them. */
  readonly longest: number;
}

/**
 * Attention, step by step: a query q finds places by their keys k_j, and reads a mean of their values m_j.
 *
 *   s_j = q·k_j                                 Luong et al. 2015: dot (k = m) and general (k = W m)
 *   s_j = v·tanh(W_q q + b + k_j)               Bahdanau et al. 2015; concat of Luong et al. (k = W m)
 *   a = softmax(s)      context = Σ_j a_j m_j
 *
 * Additive scores have weights `weight_query` [depth, query], `bias_query` [depth] and `energy` [depth].
 */
export class AttentionRun {
  /** The means, [rows, width]; on the way back their gradient is what is read. */
  readonly context: Tensor;
  /** The weights a of each row, [rows, longest]; past the places of a sequence anything. */
  readonly weights: Address;
  readonly #scope: Scope;
  readonly #plan: SequencePlan;
  readonly #memory: Attended;
  readonly #depth: number;
  readonly #width: number;
  readonly #additive: { readonly energy: Tensor; readonly query: Product } | undefined;
  /** W_q q + b of all rows, and its derivative. */
  readonly #projected: Address = 0;
  #dProjected: Address = 0;
  /** [batch, depth] */
  readonly #scratch: Address = 0;
  #dEnergy: Address = 0;
  /** [batch, longest] */
  #dScores: Address = 0;

  constructor(scope: Scope, plan: SequencePlan, memory: Attended, { weight_query, bias_query, energy }: Tensors) {
    const { arena } = scope.engine;
    this.#scope = scope;
    this.#plan = plan;
    this.#memory = memory;
    this.#depth = memory.keys.shape[1] as number;
    this.#width = memory.values.shape[1] as number;
    this.context = scope.empty([plan.rows, this.#width]);
    this.weights = arena.allocate(plan.rows * memory.longest);
    if (!weight_query || !bias_query || !energy) return;
    const weights = { weight: new WeightRows(scope, weight_query), biases: [new WeightRows(scope, bias_query)] };
    this.#additive = { energy, query: new Product(scope, plan, weights) };
    this.#projected = arena.allocate(plan.rows * this.#depth);
    this.#scratch = arena.allocate(plan.batch * this.#depth);
  }

  /** @param query [rows, …] of the rows at hand */
  forward(range: RowRange, query: Address): void {
    const { kernels, rows, first, sequence } = range;
    const { keys, values, starts, lengths, longest } = this.#memory;
    const [depth, width] = [this.#depth, this.#width];
    const [from, count] = [starts.address + sequence, lengths.address + sequence];
    const scores = this.weights + first * longest;
    if (this.#additive) {
      const projected = this.#projected + first * depth;
      const { energy, query: product } = this.#additive;
      const scratch = this.#scratch + sequence * depth;
      product.write(range, query, projected);
      kernels.attentionAdditive(rows, depth, projected, keys.address, energy.address, from, count, scores, longest, scratch);
    } else {
      kernels.attentionDot(rows, depth, query, keys.address, from, count, scores, longest);
    }
    kernels.attentionRead(rows, width, values.address, from, count, scores, longest, this.context.address + first * width);
  }

  beginBackward(): void {
    const { engine } = this.#scope;
    const { batch, rows } = this.#plan;
    if (this.context.gradient === 0) this.context.gradient = this.#scope.zeros(this.context.shape).address;
    this.#dScores = engine.arena.allocate(batch * this.#memory.longest);
    if (!this.#additive) return;
    this.#dProjected = this.#scope.zeros([rows, this.#depth]).address;
    this.#dEnergy = this.#scope.zeros([batch, this.#depth]).address;
    this.#additive.query.beginBackward();
  }

  /** From the gradient of the context to those of keys and values, which are added up, and to the query's, added to `dQuery`. */
  backward(range: RowRange, query: Address, dQuery: Address): void {
    const { kernels, rows, first, sequence } = range;
    const { keys, values, starts, lengths, longest } = this.#memory;
    const [depth, width] = [this.#depth, this.#width];
    const [from, count] = [starts.address + sequence, lengths.address + sequence];
    const [weights, dContext] = [this.weights + first * longest, this.context.gradient + first * width];
    const dScores = this.#dScores + sequence * longest;
    const dKeys = keys.tracked ? this.#scope.gradientOf(keys) : 0;
    const dValues = values.tracked ? this.#scope.gradientOf(values) : 0;
    kernels.attentionReadBackward(rows, width, values.address, from, count, weights, longest, dContext, dScores, dValues);
    if (!this.#additive) {
      kernels.attentionDotBackward(rows, depth, query, keys.address, from, count, dScores, longest, dQuery, dKeys);
      return;
    }
    const { energy, query: product } = this.#additive;
    const [projected, dProjected] = [this.#projected + first * depth, this.#dProjected + first * depth];
    const [dEnergy, scratch] = [this.#dEnergy + sequence * depth, this.#scratch + sequence * depth];
    kernels.attentionAdditiveBackward(
      ...([rows, depth, projected, keys.address, energy.address, from, count, dScores, longest] as const),
      ...([dProjected, dKeys, dEnergy, scratch] as const),
    );
    product.backward(range, dProjected, dQuery);
  }

  /** When the way back is done. @param queries those of all rows */
  addGradients(queries: Address): void {
    if (!this.#additive) return;
    const { energy, query } = this.#additive;
    const { kernels } = this.#scope.engine;
    query.addGradients(this.#dProjected, queries);
    if (energy.tracked) {
      kernels.sumRows(this.#plan.batch, this.#depth, this.#dEnergy, this.#depth, this.#scope.gradientOf(energy));
    }
  }
}
