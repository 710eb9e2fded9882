import { currentEngine } from "../engine/current.js";
import { UnrolledError } from "../errors.js";
import { Parameter } from "../tensor/parameter.js";
import { formatShape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { detach, synchronous, withScope } from "./scope.js";

/** What a gradient can be asked for. */
export type Variable = Tensor | Parameter;

/**
 * Computes a loss and its gradient by every variable, by walking back through what `loss` computed (reverse-mode automatic
 * differentiation). Layers that behave otherwise in training (dropout) do so here. What `loss` computes along the way lives until the
 * call returns; value and gradients are copies.
 *
 * @param variables parameters, or tensors that `loss` closes over
 * @param loss a synchronous function that returns one number, shape `[]` or `[1]`
 * @returns `value`, and `gradients` in the order and shapes of `variables` (zeros where the loss does not depend on one, or a parameter is frozen)
 * @throws {UnrolledError} `UNROLLED_SHAPE` where the loss is not one number, `UNROLLED_VALUE` where `loss` returns a promise
 *
 * @example const { value, gradients } = valueAndGradients(network.parameters, () => mean(square(subtract(network.apply(x), y))));
 */
export function valueAndGradients(variables: readonly Variable[], loss: () => Tensor): { value: number; gradients: Tensor[] } {
  const engine = variables.find((variable) => variable instanceof Parameter)?.engine ?? currentEngine();
  return withScope(engine, { recording: true }, (scope) => {
    const residents = variables.map((variable) => scope.track(variable));
    // the loss may be a variable itself
    const result = scope.use(scalar(loss()));
    scope.backward(result);
    const gradients = residents.map((resident) => {
      const gradient = resident.tracked ? scope.gradientOf(resident) : scope.zeros(resident.shape).address;
      return Tensor.owning(engine.read(gradient, resident.size), resident.shape);
    });
    return { value: result.item(), gradients };
  });
}

/**
 * Runs work without gradients and without what layers do in training only. Tensors along the way live until it returns; tensors
 * in its result (alone, or in arrays and plain records) are copied out.
 */
export function evaluate<R>(work: () => R): R {
  return withScope(currentEngine(), {}, () => detach(work()));
}

/** @throws {UnrolledError} `UNROLLED_SHAPE` where the loss is not one number, `UNROLLED_VALUE` where it is a promise. */
export function scalar(loss: Tensor): Tensor {
  if (synchronous(loss) instanceof Tensor && loss.size === 1) return loss;
  const received = loss instanceof Tensor ? formatShape(loss.shape) : String(loss);
  throw new UnrolledError("UNROLLED_SHAPE", `loss: expected one number, received ${received}; take its \`mean\` or \`sum\`.`);
}
