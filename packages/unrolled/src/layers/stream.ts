import { checkIndices } from "../autograd/ops/gather.js";
import { withScope } from "../autograd/scope.js";
import { SequencePlan } from "../cells/sequence-plan.js";
import type { Engine } from "../engine/engine.js";
import type { Program } from "../engine/program.js";
import { UnrolledError } from "../errors.js";
import type { Address } from "../memory/memory.js";
import type { Parameter } from "../tensor/parameter.js";
import type { TensorData } from "../tensor/tensor.js";
import type { CarriedState, NetworkState } from "./carried-state.js";
import type { InputKind } from "./flow.js";
import type { Layer, LayerState } from "./layer.js";
import type { Sequential } from "./sequential.js";

/**
 * A network that reads one step at a time and keeps its states, in constant memory.
 *
 * A step is the network's ordinary pass over one step of time. Its kernel calls are noted once and then made again, step after step, until a
 * weight changes.
 */
export class NetworkStream {
  readonly #network: Sequential;
  readonly #carried: CarriedState;
  readonly #engine: Engine;
  readonly #input: Exclude<InputKind, { kind: "words" | "images" }>;
  readonly #inputLength: number;
  readonly #outputLength: number;
  /** Where a step's numbers go in and out. */
  readonly #x: Address;
  readonly #y: Address;
  readonly #index = new Int32Array(1);
  readonly #parameters: readonly Parameter[];
  /** What the weights were when the last step was taken. */
  #version = -1;
  #program: Program | undefined;
  #isRepeatable = true;

  /** @internal */
  constructor(network: Sequential, carried: CarriedState) {
    const [first, last] = [network.layers[0] as Layer, network.layers.at(-1) as Layer];
    this.#network = network;
    this.#carried = carried;
    this.#engine = network.engine;
    this.#parameters = network.parameters;
    // `sequential` makes no stream of a network that reads words with their characters
    this.#input = first.input as Exclude<InputKind, { kind: "words" | "images" }>;
    this.#inputLength = carried.batch * (this.#input.kind === "indices" ? 1 : this.#input.size);
    this.#outputLength = carried.batch * last.outputSize;
    this.#x = this.#engine.allocateFor(this, this.#inputLength);
    this.#y = this.#engine.allocateFor(this, this.#outputLength);
  }

  /**
   * Reads the next step, and gives the output for it: a copy, or `out` where given, without any garbage then.
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
    this.#read(x);
    this.#take();
    if (!out) return this.#engine.read(this.#y, this.#outputLength);
    const { elements } = this.#engine.memory;
    for (let i = 0; i < out.length; i++) out[i] = elements[this.#y + i] as number;
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

  #read(x: ArrayLike<number> | number): void {
    const isIndices = this.#input.kind === "indices";
    const length = typeof x === "number" ? 1 : x.length;
    if (length !== this.#inputLength) {
      const { batch } = this.#carried;
      const each = this.#input.kind === "indices" ? "one index" : `${this.#input.size} features`;
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `stream: a step of ${batch} ${batch === 1 ? "sequence" : "sequences"} must be ${each} for each, received ${length} numbers.`,
      );
    }
    if (!isIndices) {
      const { elements } = this.#engine.memory;
      if (typeof x === "number") elements[this.#x] = x;
      else elements.set(x, this.#x);
      return;
    }
    const { bound } = this.#input as InputKind & { kind: "indices" };
    const { kind } = this.#network.layers[0] as Layer;
    if (typeof x === "number") {
      if (!(x >= 0 && x < bound && Number.isInteger(x))) checkIndices(`${kind}: x`, [x], bound);
      this.#index[0] = x;
    } else checkIndices(`${kind}: x`, x, bound);
    this.#engine.writeIndices(typeof x === "number" ? this.#index : x, this.#x);
  }

  #take(): void {
    let version = 0;
    for (const parameter of this.#parameters) version += parameter.version;
    if (version !== this.#version) {
      // the first step with these weights also packs them, which is not to be repeated
      this.#version = version;
      this.#program = undefined;
      this.#pass();
    } else if (this.#program) this.#program.run();
    else if (!this.#isRepeatable) this.#pass();
    else {
      this.#program = this.#engine.note(() => this.#pass());
      this.#isRepeatable = this.#program !== undefined;
    }
  }

  #pass(): void {
    const { batch } = this.#carried;
    withScope(this.#engine, {}, (scope) => {
      const shape = this.#input.kind === "indices" ? [batch] : [batch, this.#input.size];
      const rows = scope.over(this.#x, shape, this.#input.kind === "indices" ? "int32" : this.#engine.precision);
      const final = new Map<Layer, LayerState>();
      const passage = { training: false, initial: this.#carried.initial(scope), final };
      const output = this.#network.forward(scope, { rows, plan: SequencePlan.uniform(batch, 1) }, passage).rows;
      this.#carried.keep(final);
      scope.engine.kernels.copyRows(1, output.size, output.address, output.size, this.#y, output.size);
    });
  }
}
