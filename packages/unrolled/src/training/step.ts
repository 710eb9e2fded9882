import { withScope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import type { Layer } from "../layers/layer.js";
import type { Network } from "../layers/network.js";
import type { Batch } from "./batch.js";
import { type Clipping, type GradientBlock, globalNorm } from "./clipping.js";
import type { MetricMeans } from "./metrics/metric-means.js";
import type { Objective } from "./objective.js";
import type { Optimizer } from "./optimizers/optimizer.js";

/** What one step came to. */
export interface StepResult {
  /** The mean loss of its batches. */
  readonly loss: number;
  /** What that is a mean over; 0 where nothing counted, and no weight was changed. */
  readonly weight: number;
  /** Global norm of the gradient before clipping. Where it is not finite, no weight was changed. */
  readonly gradientNorm: number;
}

interface StepperParts {
  readonly network: Network;
  readonly objective: Objective;
  readonly optimizer: Optimizer;
  readonly clipping: Clipping;
  readonly metrics: MetricMeans;
  /** Batches of a step. */
  readonly accumulate: number;
}

/**
 * Takes optimizer steps: the loss of a batch, its gradients, clipping, the optimizer. Where a step is made of several batches, their
 * gradients are added, each times what its loss is a mean over, so that the step is that of one large batch.
 */
export class Stepper {
  readonly #parts: StepperParts;
  /** Where gradients of several batches are added; made when first needed. */
  #sums: readonly GradientBlock[] | undefined;
  // Of the step at hand: batches counted in, their mean loss, and what that is a mean over.
  #batches = 0;
  #loss = 0;
  #weight = 0;

  constructor(parts: StepperParts) {
    this.#parts = parts;
  }

  /**
   * Counts a batch in, and takes the step where it is the last one of it.
   *
   * @param number of the step, for errors
   * @returns undefined where the step needs more batches
   * @throws {UnrolledError} `UNROLLED_NOT_FINITE` where the loss is, before any weight is changed.
   */
  add(batch: Batch, learningRate: number, number: number): StepResult | undefined {
    const { network, objective, metrics, accumulate } = this.#parts;
    const { engine, trainableParameters: parameters } = network;
    return withScope(engine, { recording: true }, (scope) => {
      const tracked = parameters.map((parameter) => scope.track(parameter));
      const judgement = objective.of(scope, batch);
      const loss = judgement.loss.item();
      if (!Number.isFinite(loss)) throw notFinite(network, "loss", loss, number);
      scope.backward(judgement.loss);
      metrics.add(scope, judgement);
      const gradients = tracked.map((resident) => ({ address: scope.gradientOf(resident), size: resident.size }));
      this.#batches++;
      this.#weight += judgement.weight;
      if (judgement.weight > 0) this.#loss += (loss - this.#loss) * (judgement.weight / this.#weight);
      if (accumulate === 1) return this.#take(gradients, learningRate);
      this.#gather(gradients, judgement.weight);
      return this.#batches === accumulate ? this.finish(learningRate) : undefined;
    });
  }

  /** Takes the step of the batches counted in so far, where there are any: an epoch may end with fewer than a step is made of. */
  finish(learningRate: number): StepResult | undefined {
    if (this.#batches === 0 || !this.#sums) return undefined;
    const { kernels } = this.#parts.network.engine;
    if (this.#weight > 0) for (const { address, size } of this.#sums) kernels.scale(size, 1 / this.#weight, address, address);
    return this.#take(this.#sums, learningRate);
  }

  #gather(gradients: readonly GradientBlock[], weight: number): void {
    const { engine } = this.#parts.network;
    this.#sums ??= gradients.map(({ size }) => ({ address: engine.allocateFor(this, size), size }));
    for (const [index, { address, size }] of this.#sums.entries()) {
      if (this.#batches === 1) engine.kernels.fill(size, 0, address);
      engine.kernels.addScaled(size, weight, gradients[index]?.address ?? 0, address);
    }
  }

  #take(gradients: readonly GradientBlock[], learningRate: number): StepResult {
    const { network, optimizer, clipping } = this.#parts;
    const { engine, trainableParameters: parameters } = network;
    const gradientNorm = globalNorm(engine, gradients);
    const weight = this.#weight;
    if (Number.isFinite(gradientNorm) && weight > 0) {
      for (const [index, parameter] of parameters.entries()) {
        const gradient = gradients[index] as GradientBlock;
        optimizer.updateOne(parameter, gradient.address, clipping.scaleOf(engine, gradient, gradientNorm), learningRate);
      }
    }
    const result = { loss: this.#loss, weight, gradientNorm };
    this.#batches = this.#loss = this.#weight = 0;
    return result;
  }
}

/** The error that ends training where numbers break down. */
export function notFinite(network: Network, what: string, value: number, step: number): UnrolledError {
  return new UnrolledError(
    "UNROLLED_NOT_FINITE",
    `fit: the ${what} is ${value} at step ${step}${placeOfNotFinite(network)}; the weights are as step ${step - 1} left them. ` +
      "Look for NaN or huge numbers in the data, lower the learning rate, or set clipNorm.",
  );
}

/** The first layer with a weight that is not finite, as a part of a sentence. */
function placeOfNotFinite(network: Network): string {
  const isBroken = (layer: Layer) =>
    layer.parameters.some(({ engine, size, address }) => !Number.isFinite(engine.kernels.sum(size, address)));
  const broken = network.namedLayers.find(([, layer]) => isBroken(layer));
  if (broken) return `, layer ${broken[0]} (${broken[1].kind}) has weights that are not finite`;
  const [first] = network.namedLayers;
  return first ? `, in or after layer ${first[0]} (${first[1].kind}), all weights are finite` : "";
}
