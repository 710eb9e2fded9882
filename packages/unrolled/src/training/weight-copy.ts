import type { Network } from "../layers/network.js";
import type { Address } from "../memory/memory.js";
import type { Parameter } from "../tensor/parameter.js";
import { Tensor } from "../tensor/tensor.js";

/** A second set of a network's weights, in the engine's memory. */
export class WeightCopy {
  readonly #places: readonly { readonly parameter: Parameter; readonly address: Address }[];

  /** The weights as they are now. */
  constructor({ parameters, engine }: Network) {
    this.#places = parameters.map((parameter) => ({ parameter, address: engine.allocateFor(this, parameter.size) }));
    this.take();
  }

  /** Takes the network's weights over. */
  take(): void {
    for (const { parameter, address } of this.#places) copy(parameter, parameter.address, address);
  }

  /** Puts these weights into the network. */
  put(): void {
    for (const { parameter, address } of this.#places) {
      copy(parameter, address, parameter.address);
      parameter.raiseVersion();
    }
  }

  /** The network gets these weights, and this the network's. */
  exchange(): void {
    for (const { parameter, address } of this.#places) {
      const { arena } = parameter.engine;
      const mark = arena.mark();
      const between = arena.allocate(parameter.size);
      copy(parameter, address, between);
      copy(parameter, parameter.address, address);
      copy(parameter, between, parameter.address);
      arena.release(mark);
      parameter.raiseVersion();
    }
  }

  /** Moves these weights towards the network's: keep · these + (1 − keep) · the network's. */
  approach(keep: number): void {
    for (const { parameter, address } of this.#places) {
      const { engine, size } = parameter;
      engine.kernels.scale(size, keep, address, address);
      engine.kernels.addScaled(size, 1 - keep, parameter.address, address);
    }
  }

  /** Copies, in the order of the network's parameters. */
  read(): Tensor[] {
    return this.#places.map(({ parameter: { engine, size, shape }, address }) =>
      Tensor.owning(engine.read(address, size), shape),
    );
  }

  /** Replaces them by weights in the order and shapes of the network's parameters. */
  write(weights: readonly Tensor[]): void {
    for (const [index, { parameter, address }] of this.#places.entries()) {
      const values = weights[index];
      if (values) parameter.engine.write(values.data, address);
    }
  }
}

function copy({ engine, size }: Parameter, from: Address, to: Address): void {
  engine.kernels.copyRows(1, size, from, size, to, size);
}
