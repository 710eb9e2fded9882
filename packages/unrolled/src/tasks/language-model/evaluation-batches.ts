import { type ContiguousBatch, contiguousBatches } from "../../data/text/contiguous-batches.js";
import type { TokenUnit } from "../../data/text/tokenizer.js";
import { nameOf } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";

/** Steps of a text at once in evaluation: how much memory it takes, and nothing else, since states are carried on. */
const EVALUATION_STEPS = 500;

/**
 * A text as one stream.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where it has fewer than two tokens.
 */
export function evaluationBatches(indices: Int32Array, tokens: TokenUnit): ContiguousBatch[] {
  if (indices.length < 2) {
    throw new UnrolledError("UNROLLED_DATA", `text: at least 2 ${nameOf(tokens)}s are needed, received ${indices.length}.`);
  }
  return contiguousBatches(indices, { batchSize: 1, sequenceLength: EVALUATION_STEPS });
}
