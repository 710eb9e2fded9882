import type { Engine } from "../engine/engine.js";
import { UnrolledError } from "../errors.js";
import type { Address } from "../memory/memory.js";
import { formatShape, type Shape, sameShape, sizeOf } from "./shape.js";
import { Tensor } from "./tensor.js";

interface Packed {
  readonly address: Address;
  version: number;
}

/**
 * A trained weight: numbers with a name that live in an engine's memory as long as the parameter can be reached. Every write
 * raises its version; what was packed from it for fast products belongs to a version. Initial values are computed when they are first
 * needed, so that a network whose weights are loaded never draws any.
 */
export class Parameter {
  /** PyTorch's name inside its layer, such as `weight_ih_l0`. */
  readonly name: string;
  /** Lengths of its axes. */
  readonly shape: Shape;
  /** Whether training changes it: gradients by a frozen parameter are 0, and optimizers leave it as it is. Default: true. */
  trainable = true;
  /** @internal */
  readonly engine: Engine;
  #address: Address = 0;
  #initialValues: (() => ArrayLike<number>) | undefined;
  #version = 0;
  /** By the rows, and whether they are transposed. */
  readonly #packed = new Map<number, Packed>();

  /** @internal */
  constructor(engine: Engine, name: string, shape: Shape, initialValues: () => ArrayLike<number>) {
    this.name = name;
    this.shape = shape;
    this.engine = engine;
    this.#initialValues = initialValues;
  }

  /** @internal Where its values are; from the first call on they are there. */
  get address(): Address {
    if (this.#initialValues) {
      this.#address ||= this.engine.allocateFor(this, this.size); // first, so that what has no room is refused before it is computed
      this.#place(this.#initialValues());
    }
    return this.#address;
  }

  /** How many numbers it holds. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** Raised by every write. */
  get version(): number {
    return this.#version;
  }

  /** A copy of its values. */
  read(): Tensor {
    return Tensor.owning(this.engine.read(this.address, this.size), this.shape);
  }

  /**
   * Replaces its values.
   *
   * @throws {UnrolledError} `UNROLLED_SHAPE` where the shapes differ.
   */
  write(values: Tensor): void {
    if (!sameShape(values.shape, this.shape)) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `parameter ${this.name}: expected values of shape ${formatShape(this.shape)}, received ${formatShape(values.shape)}.`,
      );
    }
    this.#place(values.data);
    this.raiseVersion();
  }

  /** @internal Says that its memory was written. */
  raiseVersion(): void {
    this.#version++;
  }

  /**
   * @internal A weight [n, k], or its rows `from` to before `to`, packed as the right side of a product: `transposed` for x·Wᵀ
   * (k deep), else for y·W (as deep as there are rows). Packed anew only after a write.
   */
  packed(transposed: boolean, from = 0, to = this.shape[0] as number): Address {
    const [n, k] = this.shape as [number, number];
    const { kernels } = this.engine;
    const [depth, columns] = transposed ? [k, to - from] : [to - from, k];
    const slot = 2 * (from * (n + 1) + to) + (transposed ? 1 : 0);
    let packed = this.#packed.get(slot);
    if (!packed) {
      packed = { address: this.engine.allocateFor(this, kernels.packedLength(depth, columns)), version: -1 };
      this.#packed.set(slot, packed);
    }
    if (packed.version !== this.#version) {
      kernels.pack(depth, columns, this.address + from * k, k, transposed, packed.address);
      packed.version = this.#version;
    }
    return packed.address;
  }

  #place(values: ArrayLike<number>): void {
    this.#address ||= this.engine.allocateFor(this, this.size);
    this.engine.write(values, this.#address);
    this.#initialValues = undefined;
  }
}
