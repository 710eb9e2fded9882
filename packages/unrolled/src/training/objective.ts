import type { Scope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import { CarriedState, type NetworkState } from "../layers/carried-state.js";
import { Dense } from "../layers/dense.js";
import type { Layer, LayerState, Passage } from "../layers/layer.js";
import type { Sequential } from "../layers/sequential.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Batch, checkBatch, sequencesOf, targetRows } from "./batch.js";
import type { Loss } from "./losses/loss.js";

/** A network's loss on batch after batch, with the states carried where a batch continues the one before. */
export class Objective {
  readonly #network: Sequential;
  readonly #loss: Loss;
  #carried: CarriedState | undefined;

  constructor(network: Sequential, loss: Loss) {
    this.#network = network;
    this.#loss = loss;
  }

  /**
   * The mean loss of a batch, on the scope's tape.
   *
   * @throws {UnrolledError} `UNROLLED_SHAPE`, `UNROLLED_INDEX` or `UNROLLED_DTYPE` where the batch doesn't fit the network.
   */
  of(scope: Scope, batch: Batch): Tensor {
    checkBatch(batch);
    const carried = this.#statesFor(batch);
    const final = new Map<Layer, LayerState>();
    const passage: Passage = { training: scope.recording, initial: carried.initial(scope), final };
    const loss = this.#lossOf(scope, batch, passage);
    carried.keep(final);
    return loss;
  }

  /** The states that a batch may continue from; none before the first. */
  get carried(): { states: NetworkState; sequences: number } {
    return { states: this.#carried?.read() ?? [], sequences: this.#carried?.batch ?? 0 };
  }

  set carried({ states, sequences }: { states: NetworkState; sequences: number }) {
    this.#carried = new CarriedState(this.#network.engine, this.#network.recurrentLayers, sequences);
    this.#carried.write(states);
  }

  /** What the batch holds to average over: its rows at the network's end. */
  weightOf(batch: Batch): number {
    const { y } = batch;
    return Array.isArray(y) ? y.flat(1).length : (y as Tensor).size;
  }

  #lossOf(scope: Scope, { x, y }: Batch, passage: Passage): Tensor {
    const network = this.#network;
    const flow = network.enter(scope, x);
    const last = network.layers.at(-1) as Layer;
    if (this.#loss.ofLinear && last instanceof Dense && !last.activation) {
      const hidden = network.forward(scope, flow, passage, network.layers.slice(0, -1));
      return this.#loss.ofLinear(hidden.rows, last.weight, last.bias, targetRows(scope, this.#loss, y, hidden, last.units));
    }
    const output = network.forward(scope, flow, passage);
    return this.#loss.of(output.rows, targetRows(scope, this.#loss, y, output, last.outputSize));
  }

  /** States to begin with: those that the batch before left, or zeros. */
  #statesFor(batch: Batch): CarriedState {
    const sequences = sequencesOf(batch.x);
    if (batch.continues && this.#carried?.batch !== sequences) {
      const before = this.#carried ? `${this.#carried.batch} sequences` : "no batch";
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `batch: it continues the one before, so it must have as many sequences; ${before} before, ${sequences} now.`,
      );
    }
    if (this.#carried?.batch !== sequences) {
      this.#carried = new CarriedState(this.#network.engine, this.#network.recurrentLayers, sequences);
    } else if (!batch.continues) {
      this.#carried.reset();
    }
    return this.#carried;
  }
}
