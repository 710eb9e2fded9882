import { linear } from "../autograd/ops/linear.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import { glorotUniform } from "../tensor/initializers.js";
import type { Parameter } from "../tensor/parameter.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { type ActivationName, activate, checkActivation } from "./activation.js";
import type { Embedding } from "./embedding.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, type Passage, streamOf } from "./layer.js";
import { checkCount, checkKnown } from "./options.js";

interface CommonOptions {
  /** Default: none. */
  activation?: ActivationName;
  /** Whether training changes its weights; may be changed later. Default: true. */
  trainable?: boolean;
  /** For the initial weights, where the layer stands alone. Default: another one each time. */
  seed?: Seed;
}

/** How a dense layer with weights of its own is made. */
export interface UntiedDenseOptions extends CommonOptions {
  /** Features of the output. */
  units: number;
  /** Features of the input. Default: what the layer before gives. */
  inputSize?: number;
  /** Not with sizes of its own. */
  tiedTo?: never;
}

/** How a dense layer with the weights of an embedding is made. */
export interface TiedDenseOptions extends CommonOptions {
  /**
   * Shares the matrix of an embedding (Press & Wolf 2017; Inan et al. 2017): W is its `[vocabularySize, units]`, so this layer reads that many
   * `units` and gives a number for each index of the vocabulary. The gradients of both uses add up.
   */
  tiedTo: Embedding;
  /** Decided by `tiedTo`. */
  units?: never;
  /** Decided by `tiedTo`. */
  inputSize?: never;
}

/** `units`, or `tiedTo`, which decides the sizes. */
export type DenseOptions = UntiedDenseOptions | TiedDenseOptions;

/** y = activation(x Wᵀ + b), for every row and every step. */
export class Dense extends Layer {
  readonly kind = "dense";
  /** Features of the output. */
  readonly units: number;
  /** What is applied to x Wᵀ + b; undefined for nothing. */
  readonly activation: ActivationName | undefined;
  readonly #options: DenseOptions;
  #weight: Parameter | undefined;
  #bias: Parameter | undefined;

  constructor(options: DenseOptions) {
    super();
    checkKnown("dense", options, ["units", "inputSize", "activation", "tiedTo", "trainable", "seed"]);
    this.trainable = options.trainable ?? true;
    this.units = options.tiedTo ? sizeOfTie(options) : checkCount("dense", "units", options.units);
    if (options.inputSize !== undefined) checkCount("dense", "inputSize", options.inputSize);
    this.activation = options.activation === undefined ? undefined : checkActivation("dense", options.activation);
    this.#options = options;
  }

  get outputSize(): number {
    return this.units;
  }

  get input(): InputKind {
    return { kind: "features", size: this.weight.shape[1] as number, option: "inputSize", time: "optional" };
  }

  /** Its weights, the tied one among them. */
  override get parameters(): readonly Parameter[] {
    return [this.weight, this.bias];
  }

  /** [units, inputs]; the embedding's own where it is tied. */
  get weight(): Parameter {
    this.buildAlone();
    return this.#weight as Parameter;
  }

  /** [units] */
  get bias(): Parameter {
    this.buildAlone();
    return this.#bias as Parameter;
  }

  /** `x: [batch, inputs]` or `[batch, time, inputs]` → `[batch, units]` or `[batch, time, units]`. */
  apply(x: Operand): Tensor {
    return inScope((scope) => {
      const flow = toRows(scope, this.kind, scope.use(x), this.input);
      return fromRows(scope, this.forward(scope, flow));
    }, this.engine);
  }

  forward(_scope: Scope, { rows, ...rest }: Flow, _passage?: Passage): Flow {
    const y = linear(rows, this.weight, this.bias);
    return { rows: this.activation ? activate(this.activation, y) : y, ...rest };
  }

  protected create(before: number | undefined, seed: Seed, index: number): void {
    const { tiedTo } = this.#options;
    this.#weight = tiedTo ? this.#tied(tiedTo, before) : this.#createWeight(before, seed, index);
    this.#bias = this.addZeros("bias", [this.units]);
  }

  #createWeight(before: number | undefined, seed: Seed, index: number): Parameter {
    const inputs = this.settleInputSize(this.#options.inputSize, before);
    const random = new RandomStream(this.#options.seed ?? seed, "initialisation", streamOf(index, 0));
    return this.addParameter("weight", [this.units, inputs], () => glorotUniform(this.units, inputs, random));
  }

  #tied({ weight, units }: Embedding, before: number | undefined): Parameter {
    if (before !== undefined && before !== units) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `dense: it is tied to an embedding of ${units} units, but the layer before gives ${before} features; ` +
          `give the embedding units: ${before}, or put dense({ units: ${units} }) between.`,
      );
    }
    if (weight.engine === this.engine) return weight;
    throw new UnrolledError(
      "UNROLLED_VALUE",
      "dense: the embedding that it is tied to is on another engine; make all layers of a network on one.",
    );
  }
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that the tie decides. */
function sizeOfTie(options: TiedDenseOptions): number {
  for (const name of ["units", "inputSize"] as const) {
    if (options[name] === undefined) continue;
    throw new UnrolledError("UNROLLED_VALUE", `dense: \`${name}\` comes from the embedding in \`tiedTo\`; leave it out.`);
  }
  return options.tiedTo.vocabularySize;
}

/**
 * A dense layer: y = activation(x Wᵀ + b). `W` begins as Glorot uniform, `b` as 0.
 *
 * `x: [batch, inputs]` or `[batch, time, inputs]` → the same with `units` on the last axis.
 *
 * @example
 * const words = embedding({ vocabularySize: 5000, units: 64 });
 * sequential([words, lstm({ units: 64, returnSequences: true }), dense({ tiedTo: words })]);
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function dense(options: DenseOptions): Dense {
  return new Dense(options);
}
