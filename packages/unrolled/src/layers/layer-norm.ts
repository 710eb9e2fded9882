import { layerNorm as layerNormOp } from "../autograd/ops/layer-norm.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Seed } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, type Passage } from "./layer.js";
import { checkCount, checkKnown, checkPositive } from "./options.js";

/** How a layer normalisation is made. */
export interface LayerNormOptions {
  /** Added to the variance, which keeps the division finite. Default: 1e-5. */
  epsilon?: number;
  /** Whether training changes its weights; may be changed later. Default: true. */
  trainable?: boolean;
  /** Features of the input. Default: what the layer before gives. */
  inputSize?: number;
}

/** y = (x − mean) / √(variance + ε) ⊙ weight + bias, over the features of every row and every step. */
export class LayerNorm extends Layer {
  readonly kind = "layerNorm";
  /** ε, which is added to the variance. */
  readonly epsilon: number;
  readonly #inputSize: number | undefined;
  #weight: Parameter | undefined;
  #bias: Parameter | undefined;

  constructor(options: LayerNormOptions = {}) {
    super();
    checkKnown("layerNorm", options, ["epsilon", "inputSize", "trainable"]);
    this.trainable = options.trainable ?? true;
    this.epsilon = checkPositive("layerNorm", "epsilon", options.epsilon ?? 1e-5);
    if (options.inputSize !== undefined) checkCount("layerNorm", "inputSize", options.inputSize);
    this.#inputSize = options.inputSize;
  }

  get outputSize(): number {
    return this.weight.size;
  }

  get input(): InputKind {
    return { kind: "features", size: this.outputSize, option: "inputSize", time: "optional" };
  }

  /** [features] */
  get weight(): Parameter {
    this.buildAlone();
    return this.#weight as Parameter;
  }

  /** [features] */
  get bias(): Parameter {
    this.buildAlone();
    return this.#bias as Parameter;
  }

  /** `x: [batch, features]` or `[batch, time, features]` → the same shape. */
  apply(x: Operand): Tensor {
    return inScope((scope) => {
      const flow = toRows(scope, this.kind, scope.use(x), this.input);
      return fromRows(scope, this.forward(scope, flow));
    }, this.engine);
  }

  forward(_scope: Scope, { rows, ...rest }: Flow, _passage?: Passage): Flow {
    return { rows: layerNormOp(rows, this.weight, this.bias, this.epsilon), ...rest };
  }

  protected create(before: number | undefined, _seed: Seed, _index: number): void {
    const size = this.settleInputSize(this.#inputSize, before);
    this.#weight = this.addParameter("weight", [size], () => new Float32Array(size).fill(1));
    this.#bias = this.addZeros("bias", [size]);
  }
}

/**
 * Layer normalisation (Ba et al. 2016): y = (x − mean) / √(variance + ε) ⊙ weight + bias, mean and variance (divided by the number of
 * features) over the features of each row. Weights begin at 1, biases at 0, ε is 1e-5, as in PyTorch.
 *
 * `x: [batch, features]` or `[batch, time, features]` → the same shape.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function layerNorm(options?: LayerNormOptions): LayerNorm {
  return new LayerNorm(options);
}
