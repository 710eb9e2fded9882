import { mean } from "../autograd/ops/mean.js";
import { sum } from "../autograd/ops/sum.js";
import type { Scope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import { CarriedState, type NetworkState } from "../layers/carried-state.js";
import { type Flow, fromRows } from "../layers/flow.js";
import type { Layer, LayerState, Passage } from "../layers/layer.js";
import type { Network } from "../layers/network.js";
import { Recurrent } from "../layers/recurrent.js";
import { tensor } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Batch, checkBatch, sequencesOf } from "./batch.js";
import { type LabelTargets, labelTargetsOf } from "./labels.js";
import { weightedMean } from "./losses/define-loss.js";
import type { Loss, SequenceLoss } from "./losses/loss.js";
import { type Targets, targetsOf } from "./targets.js";

/** What a network's output on a batch came to. */
export interface Judgement {
  /** The mean loss, shape `[]`. */
  readonly loss: Tensor;
  /** What it is a mean over: the sum of the rows' weights, 0 where nothing counts. */
  readonly weight: number;
  readonly targets: Targets | LabelTargets;
  /** [rows, features]; left out where the loss does without, unless it was asked for. Of a loss of whole sequences [batch, time, features], without a plan. */
  readonly output?: Flow;
}

/** A network's loss on batch after batch, with the states carried where a batch continues the one before. */
export class Objective {
  readonly #network: Network;
  readonly #loss: Loss | SequenceLoss;
  readonly #needsOutput: boolean;
  #carried: CarriedState | undefined;

  /** @param needsOutput whether the output is asked for besides the loss, by metrics */
  constructor(network: Network, loss: Loss | SequenceLoss, needsOutput = false) {
    this.#network = network;
    this.#loss = loss;
    this.#needsOutput = needsOutput;
  }

  /**
   * The mean loss of a batch, on the scope's tape.
   *
   * @throws {UnrolledError} `UNROLLED_SHAPE`, `UNROLLED_INDEX`, `UNROLLED_DTYPE` or `UNROLLED_VALUE` where the batch doesn't fit the network.
   */
  of(scope: Scope, batch: Batch): Judgement {
    checkBatch(batch);
    if (batch.source && !this.#network.readsSource) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        "batch: `source` is for a network of encoder and decoder, which this one is not; leave it out, or make one by encoderDecoder.",
      );
    }
    const carried = this.#statesFor(batch);
    const final = new Map<Layer, LayerState>();
    const { source } = batch;
    const passage: Passage = {
      ...{ training: scope.recording, initial: this.#initial(scope, carried, batch), final },
      ...(source ? { source } : {}),
    };
    const judgement = this.#judge(scope, batch, passage);
    carried.keep(final);
    return judgement;
  }

  /** The states that a batch may continue from; none before the first. */
  get carried(): { states: NetworkState; sequences: number } {
    return { states: this.#carried?.read() ?? [], sequences: this.#carried?.batch ?? 0 };
  }

  set carried({ states, sequences }: { states: NetworkState; sequences: number }) {
    this.#carried = new CarriedState(this.#network.engine, this.#network.recurrentLayers, sequences);
    this.#carried.write(states);
  }

  /** Begins anew: no batch may continue from what was. */
  reset(): void {
    this.#carried = undefined;
  }

  #judge(scope: Scope, batch: Batch, passage: Passage): Judgement {
    const [network, loss] = [this.#network, this.#loss];
    const { x, lengths } = batch;
    if (loss.targets === "labels") return judgeSequences(scope, loss, batch, network.run(scope, x, lengths, passage));
    const ending = loss.ofLinear && !this.#needsOutput ? network.runToDense(scope, x, lengths, passage) : undefined;
    if (loss.ofLinear && ending) {
      const { hidden, dense } = ending;
      const targets = targetsOf(scope, loss, batch, hidden, dense.units);
      const value = loss.ofLinear(hidden.rows, dense.weight, dense.bias, targets.rows, targets.weights);
      return { loss: value, weight: weightOf(loss, targets), targets };
    }
    const output = network.run(scope, x, lengths, passage);
    const targets = targetsOf(scope, loss, batch, output, output.rows.shape[1] as number);
    return { loss: lossOf(loss, output, targets), weight: weightOf(loss, targets), targets, output };
  }

  /** States that the batch goes on from: of all layers where it says so, else of those that are `stateful`. */
  #initial(scope: Scope, carried: CarriedState, { continues }: Batch): ReadonlyMap<Layer, LayerState> {
    const initial = carried.initial(scope);
    if (continues) return initial;
    return new Map([...initial].filter(([layer]) => layer instanceof Recurrent && layer.stateful));
  }

  /** Room for the states of a batch, with those that the batch before left where it may go on from them. */
  #statesFor(batch: Batch): CarriedState {
    const { recurrentLayers, engine } = this.#network;
    const sequences = sequencesOf(batch.x);
    const own = batch.continues && this.#network.namedLayers.find(([, layer]) => layer instanceof Recurrent);
    if (own && recurrentLayers.length === 0) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `batch: it continues the one before, but the states of ${own[0]} are up to the model's function; leave \`continues\` out, ` +
          "or make the layer `stateful`.",
      );
    }
    const backward = batch.continues && recurrentLayers.find(({ bidirectional }) => bidirectional);
    if (backward) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `batch: it continues the one before, but the ${backward.kind} is bidirectional, and its backward direction begins at the end ` +
          "of what is still to come; leave `continues` out, or read forward only.",
      );
    }
    const goesOn = batch.continues || (this.#carried !== undefined && recurrentLayers.some(({ stateful }) => stateful));
    if (goesOn && this.#carried?.batch !== sequences) {
      const before = this.#carried ? `${this.#carried.batch} sequences` : "no batch";
      const why = batch.continues ? "it continues the one before" : "a layer is stateful";
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `batch: ${why}, so it must have as many sequences; ${before} before, ${sequences} now.`,
      );
    }
    if (this.#carried && (this.#carried.batch === sequences || this.#carried.begin(sequences))) return this.#carried;
    this.#carried = new CarriedState(engine, recurrentLayers, sequences);
    return this.#carried;
  }
}

/** The mean loss of whole sequences. */
function judgeSequences(scope: Scope, loss: SequenceLoss, batch: Batch, flow: Flow): Judgement {
  const targets = labelTargetsOf(loss, batch, flow);
  const output = { rows: fromRows(scope, flow) };
  const losses = loss.ofSequences(output.rows, targets.labels, targets.lengths);
  const { weights, labels } = targets;
  if (!weights) return { loss: mean(losses), weight: labels.length, targets, output };
  const weight = weights.reduce((total, own) => total + own, 0);
  return { loss: weightedMean(losses, tensor(weights)), weight, targets, output };
}

function lossOf(loss: Loss, { rows, plan }: Flow, targets: Targets): Tensor {
  if (loss.ofPlan && plan) return loss.ofPlan(rows, targets.rows, plan, targets.weights);
  return loss.of(rows, targets.rows, targets.weights);
}

/** What a batch's mean loss is a mean over. */
function weightOf(loss: Loss, { rows, weights }: Targets): number {
  if (loss.weigh) return loss.weigh(rows, weights);
  if (!weights) return rows.shape[0] as number;
  return sum(weights).item();
}
