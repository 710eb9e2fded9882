import { addWeightGradient } from "../autograd/ops/packed.js";
import type { Scope } from "../autograd/scope.js";
import type { Address } from "../memory/memory.js";
import type { RowRange, StepBlock } from "./cell.js";
import { Normalization } from "./normalization.js";
import { rowsIn } from "./parts.js";
import type { SequencePlan } from "./sequence-plan.js";
import type { WeightRows } from "./weight-rows.js";

/** W, and what is added to W x: biases, or layer normalisation with a gain and one bias. */
export interface ProductWeights {
  readonly weight: WeightRows;
  readonly biases: readonly WeightRows[];
  /** Where the product is normalised. */
  readonly gain?: WeightRows | undefined;
}

/**
 * y = W x + b, or y = LN(W x) with a gain and a bias, for the rows of all steps at once or step by step. The weights get
 * their gradients from all rows at once, when the way back is done.
 */
export class Product {
  /** Features of y and of x. */
  readonly #width: number;
  readonly #depth: number;
  readonly #scope: Scope;
  readonly #plan: SequencePlan;
  readonly #weights: ProductWeights;
  readonly #packed: Address;
  readonly #bias: Address;
  readonly #normalization: Normalization | undefined;
  readonly #range: RowRange;
  /** W x of all steps, which the way back of a normalised one reads, and its derivative. */
  readonly #raw: Address = 0;
  #dRaw: Address = 0;
  /** LN(W x) of one step. */
  readonly #normal: Address = 0;
  #packedBack: Address = 0;

  constructor(scope: Scope, plan: SequencePlan, weights: ProductWeights) {
    const { weight, biases, gain } = weights;
    const { arena } = scope.engine;
    this.#scope = scope;
    this.#plan = plan;
    this.#weights = weights;
    this.#width = weight.rows;
    this.#depth = weight.columns;
    this.#packed = weight.packed(true);
    this.#bias = summed(scope, biases);
    this.#range = { kernels: scope.engine.kernels, rows: 0, first: 0, kept: 0, sequence: 0 };
    const [bias] = biases;
    if (!gain || !bias) return;
    this.#normalization = new Normalization(scope, plan.rows, gain, bias);
    this.#raw = arena.allocate(plan.rows * this.#width);
    this.#normal = arena.allocate(plan.batch * this.#width);
  }

  /** y = W x + b */
  write(range: RowRange, x: Address, y: Address): void {
    const { kernels, rows } = range;
    const [width, depth] = [this.#width, this.#depth];
    if (this.#normalization) this.#normalization.forward(range, this.#multiplied(range, x), y);
    else if (this.#bias) kernels.multiplyPacked(rows, width, depth, x, depth, this.#packed, this.#bias, 0, y, width);
    else {
      kernels.fill(rows * width, 0, y);
      this.#multiply(range, x, y);
    }
  }

  /** y = W x + b for the rows of some steps. x: those of all steps; y: those that are kept. */
  prepare(block: StepBlock, x: Address, y: Address): void {
    const { part, from, to } = block;
    const { batch, sizes, offsets } = this.#plan;
    // rows of all sequences lie side by side
    const stride = part.to - part.from === batch ? to - from : 1;
    for (let t = from; t < to; t += stride) {
      const range = this.#rangeOf(block, t);
      if (stride > 1) range.rows = (offsets[to - 1] as number) + (sizes[to - 1] as number) - range.first;
      if (range.rows > 0) this.write(range, x + range.first * this.#depth, y + range.kept * this.#width);
    }
  }

  /** The rows of a part at step t; the object is always the same. */
  #rangeOf({ kernels, part, base }: StepBlock, t: number): RowRange {
    const { sizes, offsets } = this.#plan;
    const range = this.#range;
    range.kernels = kernels;
    range.rows = rowsIn(part, sizes[t] as number);
    range.first = (offsets[t] as number) + part.from;
    range.kept = range.first - base;
    range.sequence = part.from;
    return range;
  }

  /** y += W x, of the rows of a step; a bias only where it is part of a normalisation: another one is in y already. */
  add(range: RowRange, x: Address, y: Address): void {
    if (!this.#normalization) {
      this.#multiply(range, x, y);
      return;
    }
    const normal = this.#normal + range.sequence * this.#width;
    this.#normalization.forward(range, this.#multiplied(range, x), normal);
    range.kernels.add(range.rows * this.#width, y, normal, y);
  }

  /** Before the way back. */
  beginBackward(): void {
    this.#packedBack = this.#weights.weight.packed(false);
    if (this.#normalization) this.#dRaw = this.#scope.zeros([this.#plan.rows, this.#width]).address;
  }

  /** dx += dy·W, where there is a place for it */
  backward(range: RowRange, dy: Address, dx: Address): void {
    const { kernels, rows, first } = range;
    const [width, depth] = [this.#width, this.#depth];
    const dRaw = this.#normalization ? this.#dRaw + first * width : dy;
    this.#normalization?.backward(range, this.#raw + first * width, dy, dRaw);
    if (dx) kernels.multiplyPacked(rows, depth, width, dRaw, width, this.#packedBack, dx, depth, dx, depth);
  }

  /** Adds the gradients of the weights, once `backward` has seen all rows. dy, x: of all steps. */
  addGradients(dy: Address, x: Address): void {
    const { rows } = this.#plan;
    const { weight, biases } = this.#weights;
    const dRaw = this.#dRaw || dy;
    if (weight.tracked) addWeightGradient(this.#scope, rows, [this.#width, this.#depth], dRaw, x, weight.gradient);
    if (this.#normalization) {
      this.#normalization.addGradients(rows, this.#raw, dy);
      return;
    }
    for (const bias of biases) {
      if (bias.tracked) this.#scope.engine.kernels.sumRows(rows, this.#width, dy, this.#width, bias.gradient);
    }
  }

  /** y += W x */
  #multiply({ kernels, rows }: RowRange, x: Address, y: Address): void {
    kernels.multiplyPacked(rows, this.#width, this.#depth, x, this.#depth, this.#packed, y, this.#width, y, this.#width);
  }

  /** W x, kept for the way back. */
  #multiplied(range: RowRange, x: Address): Address {
    const raw = this.#raw + range.first * this.#width;
    range.kernels.fill(range.rows * this.#width, 0, raw);
    this.#multiply(range, x, raw);
    return raw;
  }
}

/** One bias that is the sum of all; 0 where there are none. */
function summed(scope: Scope, biases: readonly WeightRows[]): Address {
  const { kernels, arena } = scope.engine;
  const [one, other] = biases;
  if (!one || !other) return one?.address ?? 0;
  const sum = arena.allocate(one.rows);
  kernels.add(one.rows, one.address, other.address, sum);
  return sum;
}
