import type { Scope } from "../autograd/scope.js";
import type { Address } from "../memory/memory.js";
import type { RowRange } from "./cell.js";
import type { WeightRows } from "./weight-rows.js";
import { LAYER_NORM_EPSILON } from "./weight-start.js";

/** Layer normalisation (Ba et al. 2016) of rows that are there step by step: y = (x − mean) / √(variance + ε) ⊙ gain + bias. */
export class Normalization {
  readonly #scope: Scope;
  readonly #gain: WeightRows;
  readonly #bias: WeightRows;
  readonly #means: Address;
  readonly #scales: Address;

  /** @param rows of all steps */
  constructor(scope: Scope, rows: number, gain: WeightRows, bias: WeightRows) {
    this.#scope = scope;
    this.#gain = gain;
    this.#bias = bias;
    this.#means = scope.engine.arena.allocate(rows);
    this.#scales = scope.engine.arena.allocate(rows);
  }

  forward({ kernels, rows, first }: RowRange, x: Address, y: Address): void {
    const [gain, bias] = [this.#gain, this.#bias];
    const [means, scales] = [this.#means + first, this.#scales + first];
    kernels.layerNorm(rows, gain.rows, LAYER_NORM_EPSILON, x, gain.address, bias.address, y, means, scales);
  }

  /** dx += the derivative by x */
  backward({ kernels, rows, first }: RowRange, x: Address, dy: Address, dx: Address): void {
    const { rows: columns, address } = this.#gain;
    kernels.layerNormBackward(rows, columns, x, address, this.#means + first, this.#scales + first, dy, dx);
  }

  /** Adds the gradients of gain and bias, from the rows of all steps. */
  addGradients(rows: number, x: Address, dy: Address): void {
    const { kernels } = this.#scope.engine;
    const [gain, bias] = [this.#gain, this.#bias];
    if (gain.tracked) kernels.layerNormWeightGradient(rows, gain.rows, x, this.#means, this.#scales, dy, gain.gradient);
    if (bias.tracked) kernels.sumRows(rows, bias.rows, dy, bias.rows, bias.gradient);
  }
}
