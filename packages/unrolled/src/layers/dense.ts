import { linear } from "../autograd/ops/linear.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import { glorotUniform } from "../tensor/initializers.js";
import type { Parameter } from "../tensor/parameter.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { type ActivationName, activate, checkActivation } from "./activation.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, type Passage, streamOf } from "./layer.js";
import { checkCount, checkKnown } from "./options.js";

export interface DenseOptions {
  /** Features of the output. */
  units: number;
  /** Features of the input. Default: what the layer before gives. */
  inputSize?: number;
  /** Default: none. */
  activation?: ActivationName;
  /** For the initial weights, where the layer stands alone. Default: another one each time. */
  seed?: Seed;
}

/** y = activation(x Wᵀ + b), for every row and every step. */
export class Dense extends Layer {
  readonly kind = "dense";
  readonly units: number;
  readonly activation: ActivationName | undefined;
  readonly #options: DenseOptions;
  #weight: Parameter | undefined;
  #bias: Parameter | undefined;

  constructor(options: DenseOptions) {
    super();
    checkKnown("dense", options, ["units", "inputSize", "activation", "seed"]);
    this.units = checkCount("dense", "units", options.units);
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

  /** [units, inputs] */
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
    const inputs = this.settleInputSize(this.#options.inputSize, before);
    const random = new RandomStream(this.#options.seed ?? seed, "initialisation", streamOf(index, 0));
    this.#weight = this.addParameter("weight", [this.units, inputs], () => glorotUniform(this.units, inputs, random));
    this.#bias = this.addZeros("bias", [this.units]);
  }
}

/**
 * A dense layer: y = activation(x Wᵀ + b). `W` begins as Glorot uniform, `b` as 0.
 *
 * `x: [batch, inputs]` or `[batch, time, inputs]` → the same with `units` on the last axis.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function dense(options: DenseOptions): Dense {
  return new Dense(options);
}
