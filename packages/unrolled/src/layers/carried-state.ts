import type { Scope } from "../autograd/scope.js";
import type { Engine } from "../engine/engine.js";
import { UnrolledError } from "../errors.js";
import type { Address } from "../memory/memory.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import type { Layer, LayerState } from "./layer.js";
import type { Recurrent } from "./recurrent.js";

/** The states of a network's recurrent layers, in their order. */
export type NetworkState = readonly LayerState[];

interface Slot {
  readonly layer: Recurrent;
  readonly name: string;
  readonly shape: Shape;
  readonly address: Address;
}

/**
 * States that outlive a step: carried from one stretch of a sequence to the next, in truncated training, in evaluation and in
 * streams. They take the memory of one step, however long the sequence.
 */
export class CarriedState {
  readonly #engine: Engine;
  readonly #layers: readonly Recurrent[];
  /** Sequences that there is memory for. */
  readonly #room: number;
  #slots: readonly Slot[];
  #batch: number;

  /** States of `batch` sequences, all 0. */
  constructor(engine: Engine, layers: readonly Recurrent[], batch: number) {
    this.#engine = engine;
    this.#layers = layers;
    this.#room = batch;
    this.#batch = batch;
    this.#slots = layers.flatMap((layer) =>
      layer.states.map((name) => {
        const shape = shapeOf(layer, name, batch);
        return { layer, name, shape, address: engine.allocateFor(this, sizeOf(shape)) };
      }),
    );
    this.reset();
  }

  /** How many sequences it has states of. */
  get batch(): number {
    return this.#batch;
  }

  /** States of as many sequences, all 0, in the same memory; false where it has no room for them. */
  begin(batch: number): boolean {
    if (batch > this.#room) return false;
    this.#batch = batch;
    this.#slots = this.#slots.map((slot) => ({ ...slot, shape: shapeOf(slot.layer, slot.name, batch) }));
    this.reset();
    return true;
  }

  /** Sets all states to 0, where a new sequence begins. */
  reset(): void {
    for (const { shape, address } of this.#slots) this.#engine.kernels.fill(sizeOf(shape), 0, address);
  }

  /** The states as initial states of a pass: a copy, since the way back may read it after `keep` has replaced them. */
  initial(scope: Scope): Map<Layer, LayerState> {
    return new Map(
      this.#layers.map((layer) => {
        const own = this.#slots.filter((slot) => slot.layer === layer);
        return [layer, Object.fromEntries(own.map((slot) => [slot.name, this.#copy(scope, slot)]))];
      }),
    );
  }

  #copy(scope: Scope, { shape, address }: Slot): Tensor {
    const size = sizeOf(shape);
    // work may run on another engine than the layers', which has another memory
    if (scope.engine !== this.#engine) return scope.use(Tensor.owning(this.#engine.read(address, size), shape));
    const copy = scope.empty(shape);
    this.#engine.kernels.copyRows(1, size, address, size, copy.address, size);
    return copy;
  }

  /** Takes over the states after a pass. */
  keep(final: ReadonlyMap<Layer, LayerState>): void {
    for (const { layer, name, shape, address } of this.#slots) {
      const value = final.get(layer)?.[name];
      const size = sizeOf(shape);
      if (!value) continue;
      if (value.residence?.engine === this.#engine) this.#engine.kernels.copyRows(1, size, value.address, size, address, size);
      else this.#engine.write(value.data, address);
    }
  }

  /** A copy. */
  read(): NetworkState {
    return this.#layers.map((layer) => {
      const own = this.#slots.filter((slot) => slot.layer === layer);
      const state = own.map(({ name, shape, address }) => {
        return [name, Tensor.owning(this.#engine.read(address, sizeOf(shape)), shape)];
      });
      return Object.fromEntries(state) as LayerState;
    });
  }

  /** @throws {UnrolledError} `UNROLLED_SHAPE` where the states are not those of such a network, and nothing is changed. */
  write(state: NetworkState): void {
    checkStateCount(state, this.#layers);
    const values = this.#slots.map(({ layer, name, shape }) => {
      const value = state[this.#layers.indexOf(layer)]?.[name];
      if (value && sameShape(value.shape, shape)) return value.data;
      const received = value ? formatShape(value.shape) : "none";
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `state: \`${name}\` of ${layer.kind} must be [layers, batch, units] = ${formatShape(shape)}, received ${received}.`,
      );
    });
    for (const [index, { address }] of this.#slots.entries()) {
      this.#engine.write(values[index] as ArrayLike<number>, address);
    }
  }
}

function shapeOf(layer: Recurrent, name: string, batch: number): Shape {
  return [layer.layers * layer.directions, batch, layer.stateSize(name)];
}

/** @throws {UnrolledError} `UNROLLED_SHAPE` where there are more or fewer states than recurrent layers. */
export function checkStateCount(state: NetworkState, layers: readonly Recurrent[]): void {
  if (state.length === layers.length) return;
  const expected = `${layers.length} recurrent ${layers.length === 1 ? "layer" : "layers"}`;
  throw new UnrolledError("UNROLLED_SHAPE", `state: expected those of ${expected}, received ${state.length}.`);
}
