import { UnrolledError } from "../errors.js";
import { tensor } from "../tensor/create.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../tensor/shape.js";
import { type NestedNumbers, Tensor } from "../tensor/tensor.js";
import type { Batch } from "./batch.js";

/**
 * What each step of a batch, [batch, time], or each sequence, [batch], counts for: mask times sample weights. Undefined where all count
 * alike.
 *
 * @param leading the shape of the network's output without its features
 * @throws {UnrolledError} `UNROLLED_SHAPE` where mask or sample weights have another shape, `UNROLLED_VALUE` where a mask is not 0 or 1, or
 * a weight not finite or below 0.
 */
export function rowWeights({ mask, sampleWeights }: Batch, leading: Shape): Float64Array | undefined {
  if (mask === undefined && sampleWeights === undefined) return undefined;
  const weights = new Float64Array(sizeOf(leading)).fill(1);
  if (mask !== undefined) multiplyBy(weights, checkedMask(mask, leading), 1);
  if (sampleWeights !== undefined) {
    const checked = checkedSampleWeights(sampleWeights, leading);
    multiplyBy(weights, checked, weights.length / checked.size);
  }
  return weights;
}

/** Each of the factors is for `steps` neighbours. */
function multiplyBy(weights: Float64Array, factors: Tensor, steps: number): void {
  const { data } = factors;
  for (let i = 0; i < weights.length; i++) (weights[i] as number) *= data[Math.floor(i / steps)] as number;
}

function checkedMask(given: Tensor | NestedNumbers, leading: Shape): Tensor {
  const mask = given instanceof Tensor ? given : tensor(given);
  if (leading.length !== 2) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      "batch: `mask` is for a network that gives an output at each step, this one gives one for each sequence; use `sampleWeights`.",
    );
  }
  if (!sameShape(mask.shape, leading)) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `batch: \`mask\` must be [batch, time] = ${formatShape(leading)}, received ${formatShape(mask.shape)}.`,
    );
  }
  checkEach("mask", "0 or 1", mask, (value) => value === 0 || value === 1);
  return mask;
}

function checkedSampleWeights(given: Tensor | NestedNumbers, leading: Shape): Tensor {
  const weights = given instanceof Tensor ? given : tensor(given);
  const ofSequences = leading.slice(0, 1);
  if (!sameShape(weights.shape, leading) && !sameShape(weights.shape, ofSequences)) {
    const ofSteps = leading.length === 2 ? ` or [batch, time] = ${formatShape(leading)}` : "";
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `batch: \`sampleWeights\` must be [batch] = ${formatShape(ofSequences)}${ofSteps}, received ${formatShape(weights.shape)}.`,
    );
  }
  checkEach("sampleWeights", "finite and at least 0", weights, (value) => value >= 0 && Number.isFinite(value));
  return weights;
}

function checkEach(name: string, what: string, { data }: Tensor, isRight: (value: number) => boolean): void {
  for (let position = 0; position < data.length; position++) {
    const value = data[position] as number;
    if (isRight(value)) continue;
    throw new UnrolledError("UNROLLED_VALUE", `batch: \`${name}\` must be ${what}, received ${value} at position ${position}.`);
  }
}
