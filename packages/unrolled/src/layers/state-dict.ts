import { UnrolledError } from "../errors.js";
import type { Parameter } from "../tensor/parameter.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/** Weights by name. */
export type StateDict = ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;

export function stateDictOf(named: ReadonlyMap<string, Parameter>): Map<string, Tensor> {
  return new Map(Array.from(named, ([name, parameter]) => [name, parameter.read()]));
}

/** @throws {UnrolledError} `UNROLLED_STATE_DICT`, which names every weight that is missing, unknown or of another shape. */
export function loadStateDict(owner: string, named: ReadonlyMap<string, Parameter>, tensors: StateDict): void {
  const given: ReadonlyMap<string, Tensor> = tensors instanceof Map ? tensors : new Map(Object.entries(tensors));
  const problems = [
    ...Array.from(named, ([name, parameter]) => problemWith(name, parameter, given.get(name))),
    ...Array.from(given.keys(), (name) => (named.has(name) ? undefined : `${name} is unknown`)),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) {
    throw new UnrolledError("UNROLLED_STATE_DICT", `${owner}: the weights don't fit: ${problems.join("; ")}.`);
  }
  for (const [name, parameter] of named) parameter.write(given.get(name) as Tensor);
}

function problemWith(name: string, parameter: Parameter, values: Tensor | undefined): string | undefined {
  if (!values) return `${name} is missing`;
  if (sameShape(values.shape, parameter.shape)) return undefined;
  return `${name} must be ${formatShape(parameter.shape)}, received ${formatShape(values.shape)}`;
}
