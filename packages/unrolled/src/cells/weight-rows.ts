import { packed } from "../autograd/ops/packed.js";
import type { Scope } from "../autograd/scope.js";
import type { Address } from "../memory/memory.js";
import type { Tensor } from "../tensor/tensor.js";

/** Some rows of a weight, such as those of a few gates, or some numbers of a bias. */
export class WeightRows {
  /** How many. */
  readonly rows: number;
  /** Numbers in each of them, 1 for a bias. */
  readonly columns: number;
  readonly #scope: Scope;
  readonly #weight: Tensor;
  readonly #from: number;

  /** Rows `from` to before `to`; all of them by default. */
  constructor(scope: Scope, weight: Tensor, from = 0, to = weight.shape[0] as number) {
    this.#scope = scope;
    this.#weight = weight;
    this.#from = from;
    this.rows = to - from;
    this.columns = weight.shape[1] ?? 1;
  }

  get address(): Address {
    return this.#weight.address + this.#from * this.columns;
  }

  /** Whether its gradient is wanted. */
  get tracked(): boolean {
    return this.#weight.tracked;
  }

  /** Where its gradient is gathered. */
  get gradient(): Address {
    return this.#scope.gradientOf(this.#weight) + this.#from * this.columns;
  }

  /** As the right side of a product, `transposed` for x·Wᵀ, else for y·W. */
  packed(transposed: boolean): Address {
    return packed(this.#scope, this.#weight, transposed, this.#from, this.#from + this.rows);
  }
}
