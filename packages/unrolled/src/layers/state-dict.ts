import { UnrolledError } from "../errors.js";
import type { Parameter } from "../tensor/parameter.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/** Weights by name. */
export type StateDict = ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;

export function stateDictOf(named: ReadonlyMap<string, Parameter>): Map<string, Tensor> {
  return new Map(Array.from(named, ([name, parameter]) => [name, parameter.read()]));
}

/** @throws {UnrolledError} `UNROLLED_STATE_DICT`, which names every weight that is missing, unknown or of another shape. Of a tied
 * weight's names one is enough; where there are more, their values must be the same. */
export function loadStateDict(owner: string, named: ReadonlyMap<string, Parameter>, tensors: StateDict): void {
  const given: ReadonlyMap<string, Tensor> = tensors instanceof Map ? tensors : new Map(Object.entries(tensors));
  const problems = [
    ...Array.from(named, ([name, parameter]) => problemWith(name, parameter, given, named)),
    ...Array.from(given.keys(), (name) => (named.has(name) ? undefined : `${name} is unknown`)),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) {
    throw new UnrolledError("UNROLLED_STATE_DICT", `${owner}: the weights don't fit: ${problems.join("; ")}.`);
  }
  for (const [name, parameter] of named) {
    const values = given.get(name);
    if (values) parameter.write(values);
  }
}

function problemWith(
  name: string,
  parameter: Parameter,
  given: ReadonlyMap<string, Tensor>,
  named: ReadonlyMap<string, Parameter>,
): string | undefined {
  const values = given.get(name);
  const tied = Array.from(named.keys()).filter((other) => other !== name && named.get(other) === parameter && given.has(other));
  if (!values) return tied.length > 0 ? undefined : `${name} is missing`;
  if (!sameShape(values.shape, parameter.shape)) {
    return `${name} must be ${formatShape(parameter.shape)}, received ${formatShape(values.shape)}`;
  }
  const differing = tied.find((other) => given.get(other)?.data.some((value, index) => !Object.is(value, values.data[index])));
  return differing === undefined ? undefined : `${name} and ${differing} are one weight (tied), received two different ones`;
}
