import { viewAs } from "../autograd/ops/broadcast.js";
import { checkIndices } from "../autograd/ops/gather.js";
import { moveAxis } from "../autograd/ops/transpose.js";
import type { Operand, Scope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import type { Flow } from "../layers/flow.js";
import { checkKnown } from "../layers/options.js";
import { tensor } from "../tensor/create.js";
import { formatShape, sizeOf } from "../tensor/shape.js";
import { type NestedNumbers, Tensor } from "../tensor/tensor.js";
import type { Loss } from "./losses/loss.js";

/** Some sequences with what should come out. All batch first. */
export interface Batch {
  /** What the network's first layer takes: `[batch, time, features]`, `[batch, features]`, or indices `[batch, time]`. */
  x: Tensor | NestedNumbers;
  /** Classes `[batch, time]` or `[batch]` for `crossEntropy`, else numbers in the output's shape. */
  y: Tensor | NestedNumbers;
  /** Whether its sequences go on where those of the batch before ended, so that states are carried over. Default: false. */
  continues?: boolean;
}

/** Read again every epoch: an array, or a function that gives the examples anew. */
export type Data<E> = readonly E[] | (() => AsyncIterable<E>);

/** Goes through data once. */
export async function* examplesOf<E>(data: Data<E>): AsyncGenerator<E> {
  if (typeof data !== "function") {
    yield* data;
    return;
  }
  for await (const example of data()) yield example;
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for a field that a batch doesn't have. */
export function checkBatch(batch: Batch): void {
  checkKnown("batch", batch, ["x", "y", "continues"]);
}

/** How many sequences a batch has. */
export function sequencesOf(x: Operand): number {
  if (Array.isArray(x)) return x.length;
  return x instanceof Tensor ? (x.shape[0] ?? 0) : 0;
}

/**
 * Targets in the order of the rows that leave the network.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE`, `UNROLLED_INDEX` or `UNROLLED_DTYPE` where they don't fit the output.
 */
export function targetRows(scope: Scope, loss: Loss, y: Batch["y"], { rows, plan }: Flow, features: number): Tensor {
  const targets = y instanceof Tensor ? y : tensor(y);
  const leading = plan ? [plan.batch, plan.time] : [rows.shape[0] as number];
  const own = loss.targets === "indices" ? [] : [features];
  const expected = [...leading, ...own];
  if (targets.shape.length !== expected.length || targets.shape.some((length, axis) => length !== expected[axis])) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${loss.name}: \`y\` must be ${formatShape(expected)} for this network and \`x\`, received ${formatShape(targets.shape)}.`,
    );
  }
  if (loss.targets === "indices") checkIndices(`${loss.name}: y`, targets.data, features);
  const resident = loss.targets === "indices" ? scope.useIndices(targets) : scope.use(targets);
  return plan ? viewAs(scope, moveAxis(scope, resident, 1, 0), [sizeOf(leading), ...own]) : resident;
}
