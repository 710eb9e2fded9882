import { selectRows } from "../autograd/ops/rows.js";
import { type Scope, withScope } from "../autograd/scope.js";
import type { Engine } from "../engine/engine.js";
import type { Address } from "../memory/memory.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import type { Attended } from "./attended.js";
import type { AttentionDecoder } from "./attention-decoder.js";
import type { Layer, LayerState, Passage } from "./layer.js";
import type { Sequential } from "./sequential.js";

/** Numbers that outlive a scope. */
interface Kept {
  readonly address: Address;
  readonly shape: Shape;
}

/**
 * A decoder at work, step by step, on rows that each write a target of one of some sources: several rows may have the same. The sources' memory is
 * kept once, whatever the number of rows.
 */
export class DecodingSteps {
  /** How many sources there are. */
  readonly sources: number;
  readonly #engine: Engine;
  readonly #decoder: Sequential;
  readonly #attending: AttentionDecoder;
  readonly #places: Kept;
  readonly #keys: Kept;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  /** The source of each row of the step before. */
  #sourceOf: Int32Array;
  /** After the step before. */
  #state: LayerState;
  #attention: Tensor | undefined;

  /** @param encode reads the sources, in the scope given */
  constructor(decoder: Sequential, attending: AttentionDecoder, encode: (scope: Scope) => Passage) {
    const { engine } = decoder;
    this.#engine = engine;
    this.#decoder = decoder;
    this.#attending = attending;
    const encoded = withScope(engine, {}, (scope) => {
      const { memory, initial } = encode(scope);
      const { places, starts, lengths } = memory as Attended;
      const state = initial?.get(attending) as LayerState;
      return {
        ...{ places: this.#kept(places), keys: this.#kept(attending.scores.keysOf(scope, places)), starts, lengths },
        state: copied(state),
      };
    });
    this.#places = encoded.places;
    this.#keys = encoded.keys;
    this.#starts = encoded.starts;
    this.#lengths = encoded.lengths;
    this.#state = encoded.state;
    this.sources = encoded.starts.length;
    this.#sourceOf = Int32Array.from(encoded.starts.keys());
  }

  /**
   * One step: the network's output for each row, `[rows, features]`, row-major.
   *
   * @param tokens what each row reads
   * @param parents the row of the step before that each row goes on from; before the first step, the source
   */
  next(tokens: ArrayLike<number>, parents: Int32Array): Float32Array | Float64Array {
    const decoder = this.#decoder;
    this.#sourceOf = parents.map((parent) => this.#sourceOf[parent] as number);
    return withScope(this.#engine, {}, (scope) => {
      const rows = parents.length;
      const before = Object.entries(this.#state).map(([name, value]) => [name, this.#reordered(scope, value, parents)]);
      const passage = {
        training: false,
        initial: new Map<Layer, LayerState>([[this.#attending, Object.fromEntries(before)]]),
        memory: this.#memory(scope),
        ...{ final: new Map<Layer, LayerState>(), attention: new Map<Layer, Tensor>() },
      };
      const x = Tensor.owning(Int32Array.from(tokens), [rows, 1]);
      const output = decoder.run(scope, x, undefined, passage).rows;
      this.#state = copied(passage.final.get(this.#attending) as LayerState);
      this.#attention = copy(passage.attention.get(this.#attending) as Tensor);
      return this.#engine.read(output.address, output.size);
    });
  }

  /** How much a row of the last step read of each place of its source; together 1. */
  attentionOf(row: number): Float32Array {
    const { data, shape } = this.#attention as Tensor;
    const longest = shape[1] as number;
    const own = this.#lengths[this.#sourceOf[row] as number] as number;
    return Float32Array.from(data.subarray(row * longest, row * longest + own));
  }

  #memory(scope: Scope): Attended {
    const places = scope.over(this.#places.address, this.#places.shape);
    const keys = scope.over(this.#keys.address, this.#keys.shape);
    return {
      places,
      keys: new Map<Layer, Tensor>([[this.#attending, keys]]),
      starts: this.#sourceOf.map((source) => this.#starts[source] as number),
      lengths: this.#sourceOf.map((source) => this.#lengths[source] as number),
    };
  }

  /** The rows of a state, [layers, rows, units], that go on, in their order. */
  #reordered(scope: Scope, state: Tensor, parents: Int32Array): Tensor {
    const [layers, before, units] = state.shape as [number, number, number];
    const resident = scope.view(scope.use(state), [layers * before, units]);
    const rows = parents.length;
    const indices = Int32Array.from({ length: layers * rows }, (_, at) => {
      return Math.floor(at / rows) * before + (parents[at % rows] as number);
    });
    return scope.view(selectRows(scope, resident, indices), [layers, rows, units]);
  }

  #kept({ address, shape }: Tensor): Kept {
    const size = sizeOf(shape);
    const own = this.#engine.allocateFor(this, size);
    this.#engine.kernels.copyRows(1, size, address, 0, own, 0);
    return { address: own, shape };
  }
}

function copied(state: LayerState): LayerState {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [name, copy(value)]));
}

function copy({ data, shape }: Tensor): Tensor {
  return Tensor.owning(data, shape);
}
