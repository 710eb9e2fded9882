import { currentEngine } from "../engine/current.js";
import type { Engine } from "../engine/engine.js";
import { UnrolledError } from "../errors.js";
import type { Address } from "../memory/memory.js";
import { tensor } from "../tensor/create.js";
import { Parameter } from "../tensor/parameter.js";
import type { RandomStream } from "../tensor/random.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { type Dtype, type NestedNumbers, type Residence, Tensor } from "../tensor/tensor.js";
import { checkFitsFloat32 } from "../tensor/too-large.js";

/** What an op takes: a tensor, a parameter, a number, or nested arrays of numbers. */
export type Operand = Tensor | Parameter | NestedNumbers;

/** One op on the tape: what it made, and how a gradient walks back through it. */
interface Entry {
  readonly outputs: readonly Tensor[];
  readonly backward: () => void;
}

interface ScopeOptions {
  /** Whether ops leave their derivatives on the tape. Default: no. */
  recording?: boolean;
}

let current: Scope | undefined;

/**
 * A synchronous stretch of work on one engine: the memory of its results, and, where it records, the tape. When it closes, the
 * memory is taken back all at once.
 */
export class Scope implements Residence {
  readonly engine: Engine;
  readonly recording: boolean;
  open = true;
  readonly #tape: Entry[] = [];
  readonly #residents = new Map<Tensor | Parameter, Tensor>();
  readonly #draws = new Map<RandomStream, number>();

  constructor(engine: Engine, { recording = false }: ScopeOptions = {}) {
    this.engine = engine;
    this.recording = recording;
  }

  /** The operand in this engine's memory: a parameter where it is, numbers from outside copied in once. */
  use(operand: Operand): Tensor {
    if (operand instanceof Tensor && operand.residence === this) return operand;
    const key = operand instanceof Tensor || operand instanceof Parameter ? operand : tensor(operand);
    const known = this.#residents.get(key);
    if (known) return known;
    const resident = this.#admit(key);
    this.#residents.set(key, resident);
    return resident;
  }

  /** Indices in this engine's memory, as whole numbers, whatever the type they come in. */
  useIndices(indices: Tensor): Tensor {
    if (indices.residence === this && indices.dtype === "int32") return indices;
    const resident = this.empty(indices.shape, "int32");
    this.engine.writeIndices(indices.data, resident.address);
    return resident;
  }

  /** Like `use`, with the gradient asked for, but for a frozen parameter; `values` stand in for the operand's own. */
  track(variable: Tensor | Parameter, values?: ArrayLike<number>): Tensor {
    const resident = values ? this.#copyIn(values, variable.shape) : this.use(variable);
    resident.tracked = !(variable instanceof Parameter) || variable.trainable;
    this.#residents.set(variable, resident);
    return resident;
  }

  /** A tensor whose numbers are arbitrary until a kernel writes them. */
  empty(shape: Shape, dtype: Dtype = this.engine.precision): Tensor {
    return Tensor.resident(this, this.engine.arena.allocate(sizeOf(shape)), shape, dtype);
  }

  zeros(shape: Shape): Tensor {
    const result = this.empty(shape);
    this.engine.kernels.fill(result.size, 0, result.address);
    return result;
  }

  /** A tensor over memory that outlives this scope or was taken from it. */
  over(address: Address, shape: Shape, dtype: Dtype = this.engine.precision): Tensor {
    return Tensor.resident(this, address, shape, dtype);
  }

  /** Part of a tensor's memory, as a tensor of its own. */
  view(of: Tensor, shape: Shape, offset = 0): Tensor {
    return this.over(of.address + offset, shape, of.dtype);
  }

  /** Whether a derivative through these inputs is wanted. */
  wants(inputs: readonly Tensor[]): boolean {
    return this.recording && inputs.some((input) => input.tracked);
  }

  /** Puts the derivative of an op with one output on the tape: `backward(dy)` adds to the gradients of the inputs. */
  derive(output: Tensor, inputs: readonly Tensor[], backward: (dy: Address) => void): Tensor {
    if (this.wants(inputs)) this.deriveAll([output], inputs, () => backward(output.gradient));
    return output;
  }

  /** The same for several outputs, of which those that the loss does not reach have gradient 0 (nowhere). */
  deriveAll(outputs: readonly Tensor[], inputs: readonly Tensor[], backward: () => void): void {
    if (!this.wants(inputs)) return;
    for (const output of outputs) output.tracked = true;
    this.#tape.push({ outputs, backward });
  }

  /** Where a tracked tensor's gradient is gathered, zeros at first; 0 (nowhere) for one that is not tracked. */
  gradientOf(of: Tensor): Address {
    if (of.tracked && of.gradient === 0) {
      of.gradient = this.engine.arena.allocate(of.size);
      this.engine.kernels.fill(of.size, 0, of.gradient);
    }
    return of.gradient;
  }

  /**
   * Adds `factor` times a slope to a tensor's gradient, if it is tracked. The first slope to come with factor 1 becomes the gradient itself.
   *
   * @param slope as many numbers as the tensor has, in the arena until this scope closes, which nobody else uses from now on
   */
  giveGradient(of: Tensor, slope: Address, factor: number): void {
    if (!of.tracked) return;
    if (of.gradient === 0 && factor === 1) of.gradient = slope;
    else this.engine.kernels.addScaled(of.size, factor, slope, this.gradientOf(of));
  }

  /** Memory for the duration of `work` alone, in which no tensor and no gradient is made. */
  scratch<R>(length: number, work: (address: Address) => R): R {
    const { arena } = this.engine;
    const mark = arena.mark();
    try {
      return work(arena.allocate(length));
    } finally {
      arena.release(mark);
    }
  }

  /** Walks the tape back from a scalar loss. */
  backward(loss: Tensor): void {
    if (!loss.tracked) return;
    this.engine.kernels.fill(1, 1, this.gradientOf(loss));
    for (let index = this.#tape.length - 1; index >= 0; index--) {
      const { outputs, backward } = this.#tape[index] as Entry;
      if (outputs.some((output) => output.gradient !== 0)) backward();
    }
  }

  /** The number of the next draw of a random stream. */
  draw(stream: RandomStream): number {
    if (!this.#draws.has(stream)) this.#draws.set(stream, stream.counter);
    return stream.counter++;
  }

  /** Sets every stream that was drawn from back to where it was, so that the same work draws the same again. */
  undoDraws(): void {
    for (const [stream, counter] of this.#draws) stream.counter = counter;
  }

  #admit(key: Tensor | Parameter): Tensor {
    if (key instanceof Parameter) {
      if (key.engine === this.engine) {
        return Tensor.resident(this, key.address, key.shape, this.engine.precision, key);
      }
      return this.#copyIn(key.read().data, key.shape);
    }
    if (key.residence?.engine === this.engine) return this.view(key, key.shape);
    return this.#copyIn(key.data, key.shape);
  }

  #copyIn(values: ArrayLike<number>, shape: Shape): Tensor {
    const resident = this.empty(shape);
    if (values instanceof Float64Array && this.engine.precision === "float32") checkFitsFloat32(values);
    this.engine.write(values, resident.address);
    return resident;
  }
}

/** The scope that work runs in now. */
export function currentScope(): Scope | undefined {
  return current;
}

/** Runs synchronous work in a scope of its own. */
export function withScope<R>(engine: Engine, options: ScopeOptions, work: (scope: Scope) => R): R {
  const scope = new Scope(engine, options);
  const mark = engine.arena.mark();
  const outer = current;
  current = scope;
  try {
    return synchronous(work(scope));
  } finally {
    current = outer;
    scope.open = false;
    engine.arena.release(mark);
  }
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for a promise: its work would go on after the scope has closed. */
export function synchronous<R>(result: R): R {
  if (!(result instanceof Promise)) return result;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    "the function must be synchronous, received a promise; await what it needs before the call.",
  );
}

/** Runs an op in the scope at hand; outside of one, in a scope of its own whose result is copied out. */
export function inScope<R>(work: (scope: Scope) => R, engine?: Engine): R {
  if (current) return work(current);
  return withScope(engine ?? currentEngine(), {}, (scope) => detach(work(scope)));
}

/** A copy of a result, tensors and arrays or records of them, that outlives its scope. */
export function detach<R>(result: R): R {
  if (result instanceof Tensor) return Tensor.owning(result.data, result.shape) as R;
  if (Array.isArray(result)) return result.map(detach) as R;
  if (typeof result === "object" && result !== null && Object.getPrototypeOf(result) === Object.prototype) {
    return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, detach(value)])) as R;
  }
  return result;
}
