import type { CtcInputOptions } from "../../autograd/ops/ctc-input.js";
import type { Operand } from "../../autograd/scope.js";
import { checkKnown } from "../../layers/options.js";
import { readSequences } from "./log-probabilities.js";

/**
 * Reads the most probable alignment of each sequence (best path decoding, Graves et al. 2006): the most probable class of each
 * step (the lowest of several), repeats merged, then blanks removed. Fast; the labels so found need not be the most probable
 * ones, which is what `ctcBeamDecode` looks for.
 *
 * `logits: [batch, time, classes]` → the labels of each sequence, from none to as many as it has steps.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where shapes or lengths don't fit, `UNROLLED_INDEX` for a blank that is no class,
 * `UNROLLED_NOT_FINITE` for logits that give no probabilities, `UNROLLED_VALUE` for an unknown option.
 */
export function ctcGreedyDecode(logits: Operand, options: CtcInputOptions = {}): number[][] {
  checkKnown("ctcGreedyDecode", options, ["inputLengths", "blank"]);
  const { blank, sequences } = readSequences("ctcGreedyDecode", logits, options);
  return sequences.map((steps) => {
    const path = steps.map(mostProbable);
    return path.filter((label, step) => label !== blank && label !== path[step - 1]);
  });
}

function mostProbable(logProbabilities: Float64Array): number {
  return logProbabilities.indexOf(logProbabilities.reduce((a, b) => Math.max(a, b)));
}
