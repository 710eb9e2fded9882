import { relu } from "../autograd/ops/relu.js";
import { sigmoid } from "../autograd/ops/sigmoid.js";
import { softmax } from "../autograd/ops/softmax.js";
import { tanh } from "../autograd/ops/tanh.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { ElementwiseLayer } from "./elementwise-layer.js";
import type { Flow } from "./flow.js";
import { checkChoice } from "./options.js";

/** `softmax` goes along the features, the others number by number. */
export type ActivationName = "relu" | "sigmoid" | "softmax" | "tanh";

const FUNCTIONS: Readonly<Record<ActivationName, (x: Operand) => Tensor>> = { relu, sigmoid, softmax, tanh };

export function checkActivation(where: string, name: string): ActivationName {
  return checkChoice(where, "activation", name, Object.keys(FUNCTIONS) as ActivationName[]);
}

export function activate(name: ActivationName, x: Tensor): Tensor {
  return FUNCTIONS[name](x);
}

/** An activation function as a layer. */
export class Activation extends ElementwiseLayer {
  readonly kind = "activation";
  /** Which function. */
  readonly activation: ActivationName;

  constructor(activation: ActivationName) {
    super();
    this.activation = checkActivation("activation", activation);
  }

  /** `x: […, features]` → the same shape. */
  override apply(x: Operand): Tensor {
    return inScope((scope) => activate(this.activation, scope.use(x)));
  }

  forward(_scope: Scope, { rows, ...rest }: Flow): Flow {
    return { rows: activate(this.activation, rows), ...rest };
  }
}

/**
 * A layer that applies an activation function. `x: […, features]` → the same shape.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an unknown name.
 */
export function activation(name: ActivationName): Activation {
  return new Activation(name);
}
