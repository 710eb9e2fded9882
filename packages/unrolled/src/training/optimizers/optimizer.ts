import { withScope } from "../../autograd/scope.js";
import { UnrolledError } from "../../errors.js";
import type { Address } from "../../memory/memory.js";
import type { Parameter } from "../../tensor/parameter.js";
import { formatShape, sameShape } from "../../tensor/shape.js";
import { Tensor } from "../../tensor/tensor.js";

/** What an optimizer keeps for a parameter: numbers of the parameter's size by name, in the engine's memory. */
export interface Slots {
  /** Updates so far. */
  step: number;
  readonly arrays: Readonly<Record<string, Address>>;
}

/** Changes parameters along their gradients. What it keeps for each belongs to the parameter and ends with it. */
export abstract class Optimizer {
  /** What it is called in errors and checkpoints. */
  abstract readonly name: string;
  /** May be changed between steps. */
  learningRate: number;
  /** @internal The options that it was made with. */
  readonly settings: object;
  readonly #slots = new WeakMap<Parameter, Slots>();

  constructor(learningRate: number, settings: object) {
    this.learningRate = learningRate;
    this.settings = settings;
  }

  /** @internal Names of what is kept for each parameter. */
  abstract readonly slotNames: readonly string[];
  /** @internal The formula. `gradient` is scaled by `scale` (what clipping leaves) before it is used. */
  protected abstract change(parameter: Parameter, gradient: Address, scale: number, learningRate: number, slots: Slots): void;

  /**
   * One step for a loop of one's own. Frozen parameters stay as they are.
   *
   * @param gradients in the order and shapes of `parameters`, as `valueAndGradients` gives them
   * @throws {UnrolledError} `UNROLLED_SHAPE` where they don't match.
   */
  update(parameters: readonly Parameter[], gradients: readonly Tensor[]): void {
    const mismatch = parameters.findIndex((parameter, index) => !sameShape(parameter.shape, gradients[index]?.shape ?? []));
    if (mismatch >= 0 || parameters.length !== gradients.length) {
      const at = parameters[mismatch];
      const detail = at
        ? `: ${at.name} is ${formatShape(at.shape)}, its gradient ${formatShape(gradients[mismatch]?.shape ?? [])}`
        : "";
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `${this.name}: expected a gradient for each of ${parameters.length} parameters, received ${gradients.length}${detail}.`,
      );
    }
    for (const [index, parameter] of parameters.entries()) {
      withScope(parameter.engine, {}, (scope) => this.updateOne(parameter, scope.use(gradients[index] as Tensor).address, 1));
    }
  }

  /** @internal One parameter's step, its gradient in the engine's memory, the learning rate what a schedule makes of it. */
  updateOne(parameter: Parameter, gradient: Address, scale: number, learningRate = this.learningRate): void {
    if (!parameter.trainable) return;
    const slots = this.#slotsOf(parameter);
    slots.step++;
    this.change(parameter, gradient, scale, learningRate, slots);
    parameter.raiseVersion();
  }

  /** @internal Updates of a parameter so far. */
  updatesOf(parameter: Parameter): number {
    return this.#slots.get(parameter)?.step ?? 0;
  }

  /** @internal Copies of what is kept for a parameter, by name. */
  read(parameter: Parameter): Map<string, Tensor> {
    const { arrays } = this.#slotsOf(parameter);
    const { engine, shape, size } = parameter;
    return new Map(Object.entries(arrays).map(([name, address]) => [name, Tensor.owning(engine.read(address, size), shape)]));
  }

  /** @internal Replaces what is kept for a parameter. */
  write(parameter: Parameter, kept: ReadonlyMap<string, Tensor>, updates: number): void {
    const slots = this.#slotsOf(parameter);
    slots.step = updates;
    for (const [name, address] of Object.entries(slots.arrays)) {
      const values = kept.get(name);
      if (values) parameter.engine.write(values.data, address);
    }
  }

  /** What is kept for a parameter, zeros at first. */
  #slotsOf(parameter: Parameter): Slots {
    const known = this.#slots.get(parameter);
    if (known) return known;
    const { engine, size } = parameter;
    const arrays = this.slotNames.map((name) => {
      const address = engine.allocateFor(parameter, size);
      engine.kernels.fill(size, 0, address);
      return [name, address];
    });
    const slots: Slots = { step: 0, arrays: Object.fromEntries(arrays) };
    this.#slots.set(parameter, slots);
    return slots;
  }
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where a number is outside its range. */
export function checkRange(where: string, name: string, value: number, least: number, below: number): number {
  if (value >= least && value < below) return value;
  const range = below === Number.POSITIVE_INFINITY ? `a finite number of at least ${least}` : `from ${least} to below ${below}`;
  throw new UnrolledError("UNROLLED_VALUE", `${where}: \`${name}\` must be ${range}, received ${value}.`);
}
