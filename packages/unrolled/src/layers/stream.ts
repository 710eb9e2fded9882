import { UnrolledError } from "../errors.js";
import { Tensor, type TensorData } from "../tensor/tensor.js";
import type { CarriedState, NetworkState } from "./carried-state.js";
import type { Layer } from "./layer.js";

/** A network that reads one step at a time and keeps its states, in constant memory. */
export class NetworkStream {
  readonly #carried: CarriedState;
  readonly #run: (x: Tensor) => TensorData;
  readonly #first: Layer;
  readonly #outputLength: number;

  /** @internal */
  constructor(carried: CarriedState, layers: readonly Layer[], run: (x: Tensor) => TensorData) {
    this.#carried = carried;
    this.#first = layers[0] as Layer;
    this.#outputLength = carried.batch * (layers.at(-1) as Layer).outputSize;
    this.#run = run;
  }

  /**
   * Reads the next step, and gives the output for it: a copy, or `out` where given.
   *
   * @param x the features of the step (of all sequences, one after another, where there are several), or their indices
   * @param out where the output is written, as long as the output
   * @throws {UnrolledError} `UNROLLED_SHAPE`, `UNROLLED_INDEX` or `UNROLLED_DTYPE` where `x` is no such step.
   */
  step<A extends Float32Array | Float64Array>(x: ArrayLike<number> | number, out: A): A;
  step(x: ArrayLike<number> | number): TensorData;
  step(x: ArrayLike<number> | number, out?: Float32Array | Float64Array): TensorData {
    if (out && out.length !== this.#outputLength) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `stream: \`out\` must hold ${this.#outputLength} numbers, received ${out.length}.`,
      );
    }
    const output = this.#run(this.#asInput(typeof x === "number" ? [x] : x));
    if (!out) return output;
    out.set(output);
    return out;
  }

  /** The states after the last step: a copy. Setting them continues from there. */
  get state(): NetworkState {
    return this.#carried.read();
  }

  set state(state: NetworkState) {
    this.#carried.write(state);
  }

  /** Begins a new sequence: all states 0. */
  reset(): void {
    this.#carried.reset();
  }

  #asInput(values: ArrayLike<number>): Tensor {
    const { batch } = this.#carried;
    const { input } = this.#first;
    const features = input.kind === "indices" ? 1 : input.size;
    if (values.length !== batch * features) {
      const each = input.kind === "indices" ? "one index" : `${features} features`;
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `stream: a step of ${batch} ${batch === 1 ? "sequence" : "sequences"} must be ${each} for each, received ${values.length} numbers.`,
      );
    }
    return Tensor.owning(Float64Array.from(values), input.kind === "indices" ? [batch, 1] : [batch, 1, features]);
  }
}
