import type { Engine } from "../engine/engine.js";
import { UnrolledError } from "../errors.js";
import type { Address } from "../memory/memory.js";
import { detachedError } from "./detached.js";
import type { Parameter } from "./parameter.js";
import { formatShape, type Shape, sizeOf } from "./shape.js";

/** Numbers of a tensor: float32, float64 (tensors of the float64 reference engine), or int32 for indices. */
export type Dtype = "float32" | "float64" | "int32";
/** The array behind a tensor, of its dtype. */
export type TensorData = Float32Array | Float64Array | Int32Array;
/** Arrays of arrays of numbers, all of one length on each level. */
export type NestedNumbers = number | readonly NestedNumbers[];

/** A synchronous stretch of work whose results live in an engine's memory until it closes. */
export interface Residence {
  readonly engine: Engine;
  readonly open: boolean;
}

/**
 * Numbers with a shape, row-major. A tensor in a user's hand owns its array, and the garbage collector frees it. Inside
 * `valueAndGradients`, `evaluate` or a layer's `apply`, results live in the engine's memory, and end with that call; what is
 * returned from it is copied out.
 */
export class Tensor {
  /** Lengths of its axes; `[]` for a single number. */
  readonly shape: Shape;
  /** The kind of its numbers. */
  readonly dtype: Dtype;
  readonly #data: TensorData | undefined;
  readonly #residence: Residence | undefined;
  /** @internal Where it is in the engine's memory. */
  readonly address: Address;
  /** @internal The parameter whose memory this is. */
  readonly parameter: Parameter | undefined;
  /** @internal Whether its gradient is asked for. */
  tracked = false;
  /** @internal Where its gradient is gathered, 0 before there is one. */
  gradient: Address = 0;

  private constructor(
    shape: Shape,
    dtype: Dtype,
    data: TensorData | undefined,
    residence?: Residence,
    address: Address = 0,
    parameter?: Parameter,
  ) {
    this.shape = shape;
    this.dtype = dtype;
    this.#data = data;
    this.#residence = residence;
    this.address = address;
    this.parameter = parameter;
  }

  /** @internal A tensor that owns `data`. */
  static owning(data: TensorData, shape: Shape): Tensor {
    return new Tensor(shape, dtypeOf(data), data);
  }

  /** @internal A tensor in an engine's memory. */
  static resident(residence: Residence, address: Address, shape: Shape, dtype: Dtype, parameter?: Parameter): Tensor {
    return new Tensor(shape, dtype, undefined, residence, address, parameter);
  }

  /** How many numbers it holds. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** @internal The open stretch of work that it lives in, if any. */
  get residence(): Residence | undefined {
    this.#checkOpen();
    return this.#residence;
  }

  /**
   * Its numbers, row-major. Inside the scope that computed it this is a copy.
   *
   * @throws {UnrolledError} `UNROLLED_TENSOR_EXPIRED` after that scope has closed, `UNROLLED_DTYPE` where its array was transferred.
   */
  get data(): TensorData {
    if (this.#data) {
      if (this.#data.length !== this.size) throw detachedError();
      return this.#data;
    }
    this.#checkOpen();
    const { engine } = this.#residence as Residence;
    return this.dtype === "int32" ? engine.readIndices(this.address, this.size) : engine.read(this.address, this.size);
  }

  /** Its numbers as nested arrays; a plain number for shape `[]`. */
  toArray(): NestedNumbers {
    return nest(this.data, this.shape, 0);
  }

  /**
   * Its only number.
   *
   * @throws {UnrolledError} `UNROLLED_SHAPE` where it holds more or fewer than one.
   */
  item(): number {
    if (this.size !== 1) {
      throw new UnrolledError("UNROLLED_SHAPE", `item: expected a tensor of one number, received ${formatShape(this.shape)}.`);
    }
    return this.data[0] as number;
  }

  #checkOpen(): void {
    if (this.#residence?.open === false) {
      throw new UnrolledError(
        "UNROLLED_TENSOR_EXPIRED",
        `tensor ${formatShape(this.shape)}: the call that computed it has ended and its memory is used again; ` +
          "return it from `valueAndGradients` or `evaluate`, or read its `data` inside.",
      );
    }
  }
}

function dtypeOf(data: TensorData): Dtype {
  if (data instanceof Float64Array) return "float64";
  return data instanceof Int32Array ? "int32" : "float32";
}

function nest(data: TensorData, shape: Shape, from: number): NestedNumbers {
  const [length, ...rest] = shape;
  if (length === undefined) return data[from] as number;
  const inner = sizeOf(rest);
  return Array.from({ length }, (_, index) => nest(data, rest, from + index * inner));
}
