import { dense } from "../../layers/dense.js";
import { type Sequential, sequential } from "../../layers/sequential.js";
import { tensor } from "../../tensor/create.js";
import type { Batch } from "../batch.js";

/** output = w·x + b, at w = 1 and b = 0 unless told otherwise. */
export function lineNetwork(weight = 1, bias = 0): Sequential {
  const network = sequential([dense({ inputSize: 1, units: 1 })], { seed: 1 });
  network.layers[0]?.loadStateDict({ weight: tensor([[weight]]), bias: tensor([bias]) });
  return network;
}

/** Some inputs with what should come out of each. */
export function lineBatch(x: readonly number[], y: readonly number[]): Batch {
  return { x: x.map((value) => [value]), y: y.map((value) => [value]) };
}

/** Weight and bias of such a network. */
export function lineOf({ parameters }: Sequential): number[] {
  return parameters.map((parameter) => parameter.read().item());
}
