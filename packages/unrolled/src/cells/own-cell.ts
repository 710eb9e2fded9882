import type { Scope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import { checkKnown } from "../options.js";
import { glorotUniform, orthogonal } from "../tensor/initializers.js";
import type { RandomStream } from "../tensor/random.js";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import type { RecurrentCell, Tensors, WeightSpecification } from "./recurrent-cell.js";
import { carryWrittenOut } from "./written-out.js";

/** Sizes that a cell's shapes are made of. */
export interface CellSizes {
  /** I, features of the input. */
  readonly inputSize: number;
  /** H. */
  readonly units: number;
}

/** How a parameter begins: Glorot uniform or orthogonal (matrices), 0 or 1. */
export type Start = "glorot" | "orthogonal" | "zeros" | "ones";
/** A parameter's shape; matrices begin as Glorot uniform, others as 0, unless told otherwise. */
export type ParameterShape =
  | Shape
  | {
      /** Lengths of its axes. */
      readonly shape: Shape;
      /** How it begins. */
      readonly start: Start;
    };

/** A cell of one's own: its parameters, its states, and one step in ops. */
export interface CellDefinition<P extends string, S extends string> {
  /** What it is called in errors and summaries. */
  readonly name: string;
  /** Shapes of the parameters, by name. */
  parameters(sizes: CellSizes): Readonly<Record<P, ParameterShape>>;
  /** Shape of each state of one sequence, `[features]`, by name. States begin as 0. */
  state(sizes: Pick<CellSizes, "units">): Readonly<Record<S, readonly [number]>>;
  /** Features of the output. Default: units. */
  outputSize?(sizes: Pick<CellSizes, "units">): number;
  /**
   * One step for several sequences at once.
   *
   * @param x `[sequences, inputSize]`
   * @param state each `[sequences, features]`
   * @param parameters by name
   * @returns `output: [sequences, outputSize]` and the new `state`, in the shapes of the old
   */
  step(
    x: Tensor,
    state: Readonly<Record<S, Tensor>>,
    parameters: Readonly<Record<P, Tensor>>,
  ): { readonly output: Tensor; readonly state: Readonly<Record<S, Tensor>> };
}

/**
 * Checks and keeps the definition of a cell. `recurrent(cell, { units })` makes a layer of it that does all that the built-in ones do: several
 * layers, both directions, lengths, streams, saving and loading. Its gradient comes from the ops of its step.
 *
 * @example
 * const minimal = defineCell({
 *   name: "minimal",
 *   parameters: ({ inputSize, units }) => ({ W: [units, inputSize], U: [units, units], b: [units] }),
 *   state: ({ units }) => ({ h: [units] }),
 *   step: (x, { h }, { W, U, b }) => {
 *     const next = tanh(add(linear(x, W, b), matmul(h, transpose(U))));
 *     return { output: next, state: { h: next } };
 *   },
 * });
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where the name is empty, a function is missing, or there is something that a cell doesn't have.
 */
export function defineCell<const P extends string, const S extends string>(
  definition: CellDefinition<P, S>,
): CellDefinition<P, S> {
  checkKnown("defineCell", definition, ["name", "parameters", "state", "outputSize", "step"]);
  if (definition.name === "") throw new UnrolledError("UNROLLED_VALUE", "defineCell: `name` must not be empty.");
  for (const name of ["parameters", "state", "step"] as const) {
    if (typeof definition[name] === "function") continue;
    throw new UnrolledError("UNROLLED_VALUE", `defineCell: \`${name}\` must be a function, received ${typeof definition[name]}.`);
  }
  return definition;
}

/** The cell as a recurrent layer sees it. */
export function ownCell<P extends string, S extends string>(definition: CellDefinition<P, S>): RecurrentCell {
  const { name } = definition;
  const outputSize = (units: number) => definition.outputSize?.({ units }) ?? units;
  const states = (units: number) => {
    const shapes: Readonly<Record<string, readonly [number]>> = definition.state({ units });
    return Object.fromEntries(Object.entries(shapes).map(([state, [features]]) => [state, features]));
  };
  return {
    name,
    states,
    outputSize,
    weights(inputSize, units) {
      const shapes: Readonly<Record<string, ParameterShape>> = definition.parameters({ inputSize, units });
      return Object.fromEntries(Object.entries(shapes).map(([parameter, shape]) => [parameter, specified(shape)]));
    },
    carry(scope, rows, plan, units, directions) {
      scope.engine.threads.program?.spoil(); // a step of one's own may depend on anything
      const sizes = states(units);
      return directions.map((direction) => {
        const weights = direction.weights as Readonly<Record<P, Tensor>>;
        const step = (x: Tensor, state: Tensors) => {
          const result = definition.step(x, state as Readonly<Record<S, Tensor>>, weights);
          checkStep(scope, name, result, x.shape[0] as number, outputSize(units), sizes);
          return result;
        };
        return carryWrittenOut(scope, step, rows, plan, sizes, direction);
      });
    },
  };
}

function specified(parameter: ParameterShape): WeightSpecification {
  const { shape, start } = "start" in parameter ? parameter : { shape: parameter, start: undefined };
  const [rows = 1, columns = 1] = shape;
  const values: Record<Start, (random: RandomStream) => ArrayLike<number>> = {
    glorot: (random) => glorotUniform(rows, columns, random),
    orthogonal: (random) => orthogonal(rows, random),
    zeros: () => new Float64Array(sizeOf(shape)),
    ones: () => new Float64Array(sizeOf(shape)).fill(1),
  };
  const how = start ?? (shape.length === 2 ? "glorot" : "zeros");
  if ((how === "glorot" && shape.length !== 2) || (how === "orthogonal" && (shape.length !== 2 || rows !== columns))) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `defineCell: a parameter of shape ${formatShape(shape)} can't begin as ${how}; give it start: "zeros" or "ones".`,
    );
  }
  return { shape, initialValues: values[how] };
}

/** @throws {UnrolledError} `UNROLLED_SHAPE` where a step gives something else than it said. */
function checkStep(
  scope: Scope,
  cell: string,
  result: { readonly output?: unknown; readonly state?: Readonly<Record<string, unknown>> } | undefined,
  sequences: number,
  outputSize: number,
  sizes: Readonly<Record<string, number>>,
): void {
  const fault = (text: string) => new UnrolledError("UNROLLED_SHAPE", `${cell}: step must give ${text}.`);
  if (result instanceof Promise) throw fault("{ output, state }, received a promise; a step is synchronous");
  if (typeof result !== "object" || result === null) throw fault(`{ output, state }, received ${String(result)}`);
  const check = (what: string, value: unknown, features: number) => {
    const expected = formatShape([sequences, features]);
    if (!(value instanceof Tensor)) throw fault(`${what} of ${expected}, received ${String(value)}`);
    if (formatShape(value.shape) !== expected) throw fault(`${what} of ${expected}, received ${formatShape(value.shape)}`);
    if (value.residence !== scope) throw fault(`${what} of ${expected} made by ops, received a tensor from outside of the step`);
  };
  check("an `output`", result.output, outputSize);
  for (const [name, features] of Object.entries(sizes)) check(`a state \`${name}\``, result.state?.[name], features);
  const others = Object.keys(result.state ?? {}).filter((name) => !(name in sizes));
  if (others.length > 0) throw fault(`the states ${Object.keys(sizes).join(", ")}, received also ${others.join(", ")}`);
}
