import { withScope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import type { Layer } from "../layers/layer.js";
import type { Sequential } from "../layers/sequential.js";
import type { Batch } from "./batch.js";
import { clippingScale, globalNorm } from "./clipping.js";
import type { Objective } from "./objective.js";
import type { Optimizer } from "./optimizers/optimizer.js";

/** What one step came to. */
export interface StepResult {
  readonly loss: number;
  /** Global norm of the gradient before clipping. Where it is not finite, no weight was changed. */
  readonly gradientNorm: number;
}

/**
 * One step of training: the loss of a batch, its gradients, clipping, the optimizer.
 *
 * @param number of the step, for errors
 * @throws {UnrolledError} `UNROLLED_NOT_FINITE` where the loss is, before any weight is changed.
 */
export function takeStep(
  network: Sequential,
  objective: Objective,
  optimizer: Optimizer,
  clipNorm: number | undefined,
  batch: Batch,
  number: number,
): StepResult {
  const { engine, parameters } = network;
  return withScope(engine, { recording: true }, (scope) => {
    const tracked = parameters.map((parameter) => scope.track(parameter));
    const { loss: result } = objective.of(scope, batch);
    const loss = result.item();
    if (!Number.isFinite(loss)) throw notFinite(network, "loss", loss, number);
    scope.backward(result);
    const gradients = tracked.map((resident) => ({ address: scope.gradientOf(resident), size: resident.size }));
    const gradientNorm = globalNorm(engine, gradients);
    if (Number.isFinite(gradientNorm)) {
      const scale = clippingScale(gradientNorm, clipNorm);
      for (const [index, parameter] of parameters.entries()) {
        optimizer.updateOne(parameter, gradients[index]?.address ?? 0, scale);
      }
    }
    return { loss, gradientNorm };
  });
}

/** The error that ends training where numbers break down. */
export function notFinite(network: Sequential, what: string, value: number, step: number): UnrolledError {
  return new UnrolledError(
    "UNROLLED_NOT_FINITE",
    `fit: the ${what} is ${value} at step ${step}${placeOfNotFinite(network)}; the weights are as step ${step - 1} left them. ` +
      "Look for NaN or huge numbers in the data, lower the learning rate, or set clipNorm.",
  );
}

/** The first layer with a weight that is not finite, as a part of a sentence. */
function placeOfNotFinite(network: Sequential): string {
  const isBroken = (layer: Layer) =>
    layer.parameters.some(({ engine, size, address }) => !Number.isFinite(engine.kernels.sum(size, address)));
  const index = network.layers.findIndex(isBroken);
  const layer = network.layers[index];
  if (layer) return `, layer ${index} (${layer.kind}) has weights that are not finite`;
  return `, in or after layer 0 (${network.layers[0]?.kind}), all weights are finite`;
}
