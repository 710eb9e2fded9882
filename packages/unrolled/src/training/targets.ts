import { checkIndices } from "../autograd/ops/gather.js";
import type { Scope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import type { Flow } from "../layers/flow.js";
import { tensor } from "../tensor/create.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { type Batch, targetRows } from "./batch.js";
import type { Loss } from "./losses/loss.js";
import { rowWeights } from "./row-weights.js";

/** What an output is compared with, row by row. */
export interface Targets {
  /** [rows] of indices, or [rows, features] of numbers; 0 where the weight is 0. */
  readonly rows: Tensor;
  /** [rows]; undefined where all rows count alike. */
  readonly weights?: Tensor;
}

/**
 * A batch's targets and weights in the order of the rows that leave the network. What counts for nothing is not looked at.
 *
 * @param features of the network's output
 * @throws {UnrolledError} `UNROLLED_SHAPE`, `UNROLLED_INDEX`, `UNROLLED_DTYPE` or `UNROLLED_VALUE` where they don't fit the output.
 */
export function targetsOf(scope: Scope, loss: Loss, batch: Batch, flow: Flow, features: number): Targets {
  if (flow.images) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${loss.name}: the network gives images, and the loss judges rows; put flatten() or imageColumns() behind its last convolution.`,
    );
  }
  const y = batch.y instanceof Tensor ? batch.y : tensor(batch.y);
  const leading = flow.plan ? [flow.plan.batch, flow.plan.time] : [flow.rows.shape[0] as number];
  const own = loss.targets === "indices" ? [] : [features / (loss.outputsPerTarget ?? 1)];
  checkShape(loss, y, [...leading, ...own], features);
  const weights = withoutIgnored(loss, y, rowWeights(batch, leading));
  if (loss.targets === "indices") checkClasses(loss, y, weights, flow, features);
  const rows = targetRows(scope, loss.targets === "indices" ? scope.useIndices(y) : scope.use(y), flow);
  if (!weights) return { rows };
  checkWeighs(loss);
  const weightRows = targetRows(scope, scope.use(tensor(weights, leading)), flow);
  return { rows: masked(scope, rows, weightRows), weights: weightRows };
}

function checkShape(loss: Loss, y: Tensor, expected: readonly number[], features: number): void {
  if (!Number.isInteger(expected.at(-1))) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${loss.name}: the network must give ${loss.outputsPerTarget} features for each number of a target, received ${features} in all; ` +
        `set the last layer's units to a multiple of ${loss.outputsPerTarget}.`,
    );
  }
  if (sameShape(y.shape, expected)) return;
  throw new UnrolledError(
    "UNROLLED_SHAPE",
    `${loss.name}: \`y\` must be ${formatShape(expected)} for this network and \`x\`, received ${formatShape(y.shape)}.`,
  );
}

/** Targets that the loss ignores get weight 0. */
function withoutIgnored({ ignoreIndex }: Loss, { data }: Tensor, weights: Float64Array | undefined): Float64Array | undefined {
  if (ignoreIndex === undefined) return weights;
  const given = weights ?? new Float64Array(data.length).fill(1);
  return given.map((weight, position) => (data[position] === ignoreIndex ? 0 : weight));
}

/** Every target that is read must be a class; what stands past a sequence's end or counts for nothing is not. */
function checkClasses(loss: Loss, { data }: Tensor, weights: Float64Array | undefined, { plan }: Flow, classes: number): void {
  const where = `${loss.name}: y`;
  if (!weights && !plan?.order) {
    checkIndices(where, data, classes);
    return;
  }
  const isRead = new Uint8Array(data.length).fill(plan?.order ? 0 : 1);
  if (plan?.order) for (const position of plan.source) isRead[position] = 1;
  const read = data.map((target, position) => (weights?.[position] === 0 || isRead[position] === 0 ? 0 : target));
  checkIndices(where, read, classes);
}

function checkWeighs(loss: Loss): void {
  if (loss.of.length >= 3) return;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${loss.name}: the batch has a mask or weights, but the loss takes no third parameter to weigh rows by; make it with \`defineLoss\`.`,
  );
}

/** A copy with 0 where the weight is 0: what stood there may be NaN, and NaN · 0 is NaN. */
function masked(scope: Scope, rows: Tensor, weights: Tensor): Tensor {
  const y = scope.empty(rows.shape, rows.dtype);
  const count = rows.shape[0] as number;
  scope.engine.kernels.maskRows(count, rows.size / count, weights.address, rows.address, y.address);
  return y;
}
