import { linear } from "../autograd/ops/linear.js";
import { reshape } from "../autograd/ops/reshape.js";
import { segmentSoftmax } from "../autograd/ops/segment-softmax.js";
import { segmentSum } from "../autograd/ops/segment-sum.js";
import { tanh } from "../autograd/ops/tanh.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import { glorotUniform } from "../tensor/initializers.js";
import type { Parameter } from "../tensor/parameter.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, type Passage, streamOf } from "./layer.js";
import { checkCount, checkKnown } from "./options.js";
import { checkedPlan, sequencesOf } from "./pooling.js";

/** How an attention pooling is made. */
export interface AttentionPoolingOptions {
  /** Features in which steps are compared with the context vector. */
  units: number;
  /** Features of the input. Default: what the layer before gives. */
  inputSize?: number;
  /** Whether training changes its weights; may be changed later. Default: true. */
  trainable?: boolean;
  /** For the initial weights, where the layer stands alone. Default: another one each time. */
  seed?: Seed;
}

/** The steps of each sequence, weighted by how well each answers to a trained context vector. */
export class AttentionPooling extends Layer {
  readonly kind = "attentionPooling";
  /** Features in which steps are compared with the context vector. */
  readonly units: number;
  readonly #options: AttentionPoolingOptions;
  #weight: Parameter | undefined;
  #bias: Parameter | undefined;
  #context: Parameter | undefined;

  constructor(options: AttentionPoolingOptions) {
    super();
    checkKnown("attentionPooling", options, ["units", "inputSize", "trainable", "seed"]);
    this.trainable = options.trainable ?? true;
    this.units = checkCount("attentionPooling", "units", options.units);
    if (options.inputSize !== undefined) checkCount("attentionPooling", "inputSize", options.inputSize);
    this.#options = options;
  }

  get outputSize(): number {
    return this.weight.shape[1] as number;
  }

  get input(): InputKind {
    return { kind: "features", size: this.outputSize, option: "inputSize", time: "required" };
  }

  /** W: [units, features] */
  get weight(): Parameter {
    this.buildAlone();
    return this.#weight as Parameter;
  }

  /** b: [units] */
  get bias(): Parameter {
    this.buildAlone();
    return this.#bias as Parameter;
  }

  /** v: [1, units] */
  get context(): Parameter {
    this.buildAlone();
    return this.#context as Parameter;
  }

  /**
   * `x: [batch, time, features]` → `[batch, features]`.
   *
   * @param options `lengths`: steps of each sequence, where they are not all of `x`'s
   * @throws {UnrolledError} `UNROLLED_SHAPE` where `x` or the lengths are not what it reads.
   */
  apply(x: Operand, options: { lengths?: ArrayLike<number> } = {}): Tensor {
    checkKnown(`${this.kind}.apply`, options, ["lengths"]);
    return inScope((scope) => {
      const flow = toRows(scope, this.kind, scope.use(x), this.input, options.lengths);
      return fromRows(scope, this.forward(scope, flow));
    }, this.engine);
  }

  forward(scope: Scope, { rows, plan: given }: Flow, _passage?: Passage): Flow {
    const plan = checkedPlan(this.kind, given);
    const sequences = sequencesOf(plan);
    // a bias on the scores would cancel in the softmax
    const scores = linear(tanh(linear(rows, this.weight, this.bias)), this.context, scope.zeros([1]));
    const shares = segmentSoftmax(reshape(scores, [plan.rows]), sequences, plan.batch);
    return { rows: segmentSum(rows, shares, sequences, plan.batch) };
  }

  protected create(before: number | undefined, seed: Seed, index: number): void {
    const inputs = this.settleInputSize(this.#options.inputSize, before);
    const { units } = this;
    const own = this.#options.seed ?? seed;
    const random = (user: number) => new RandomStream(own, "initialisation", streamOf(index, user));
    const [forWeight, forContext] = [random(0), random(1)];
    this.#weight = this.addParameter("weight", [units, inputs], () => glorotUniform(units, inputs, forWeight));
    this.#bias = this.addZeros("bias", [units]);
    this.#context = this.addParameter("context", [1, units], () => glorotUniform(1, units, forContext));
  }
}

/**
 * Attention pooling (Yang et al. 2016, hierarchical attention; the additive score of Bahdanau et al. 2015 against a trained context
 * vector v): one row a sequence, the mean of its steps by trained weights,
 *
 *   s_t = v · tanh(W x_t + b)      a = softmax of s over the sequence's own steps      y = Σ_t a_t x_t
 *
 * `x: [batch, time, features]` → `[batch, features]`. `W` and `v` begin as Glorot uniform, `b` as 0.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function attentionPooling(options: AttentionPoolingOptions): AttentionPooling {
  return new AttentionPooling(options);
}
