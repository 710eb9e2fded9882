import type { Operand, Scope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import { batchToRows, type Flow } from "../layers/flow.js";
import type { Source } from "../layers/layer.js";
import { checkKnown } from "../layers/options.js";
import { type NestedNumbers, Tensor } from "../tensor/tensor.js";

/** Some sequences with what should come out. All batch first. */
export interface Batch {
  /** What the network's first layer takes: `[batch, time, features]`, `[batch, features]`, or indices `[batch, time]`. */
  x: Tensor | NestedNumbers;
  /** Classes `[batch, time]` or `[batch]` for `crossEntropy`, an array of labels for each sequence for `ctc`, else numbers in the output's shape. */
  y: Tensor | NestedNumbers;
  /** Steps of each sequence, where they are not all of `x`'s: what stands past a sequence's end is neither read nor counted. */
  lengths?: ArrayLike<number>;
  /** 1 for each step that counts, 0 for one that doesn't, `[batch, time]`: its target may be anything, NaN too. Default: all count. */
  mask?: Tensor | NestedNumbers;
  /** What each sequence, `[batch]`, or each step, `[batch, time]`, counts for in loss and metrics: Σ w·loss / Σ w. Default: 1 each. */
  sampleWeights?: Tensor | NestedNumbers;
  /** What the encoder reads, for a network of encoder and decoder, or a model whose function takes it: `x` is then what the decoder reads. */
  source?: Source;
  /** Whether its sequences go on where those of the batch before ended, so that states are carried over. Default: false. */
  continues?: boolean;
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for a field that a batch doesn't have, and where `x` or `y` is missing. */
export function checkBatch(batch: Batch): void {
  checkKnown("batch", batch, ["x", "y", "lengths", "mask", "sampleWeights", "source", "continues"]);
  if (batch.source !== undefined) checkKnown("batch: source", batch.source, ["x", "lengths"]);
  for (const name of ["x", "y"] as const) {
    if (batch[name] !== undefined) continue;
    throw new UnrolledError("UNROLLED_VALUE", `batch: \`${name}\` must be a tensor or nested arrays, received undefined.`);
  }
}

/** How many sequences a batch has. */
export function sequencesOf(x: Operand): number {
  if (Array.isArray(x)) return x.length;
  return x instanceof Tensor ? (x.shape[0] ?? 0) : 0;
}

/** What a batch says of each step, [batch, time, …], or of each sequence, [batch, …], in the order of the rows that leave the network. */
export function targetRows(scope: Scope, values: Tensor, { plan }: Flow): Tensor {
  return plan ? batchToRows(scope, values, plan) : values;
}
