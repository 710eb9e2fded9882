import { evaluate } from "../../autograd/gradients.js";
import { type CtcInputOptions, checkCtcInput } from "../../autograd/ops/ctc-input.js";
import { logSoftmax } from "../../autograd/ops/softmax.js";
import type { Operand } from "../../autograd/scope.js";
import { UnrolledError } from "../../errors.js";

/** What a decoder reads: for each sequence the log-probabilities of all classes, step by step. */
export interface CtcSequences {
  readonly classes: number;
  readonly blank: number;
  /** One array of [classes] a step. */
  readonly sequences: readonly (readonly Float64Array[])[];
}

/**
 * Reads `logits: [batch, time, classes]`.
 *
 * @throws {UnrolledError} as `checkCtcInput`, and `UNROLLED_NOT_FINITE` where a step's logits give no probabilities.
 */
export function readSequences(decoder: string, logits: Operand, options: CtcInputOptions): CtcSequences {
  const { data, shape } = evaluate(() => logSoftmax(logits));
  const logProbabilities = Float64Array.from(data);
  const { time, classes, blank, lengths } = checkCtcInput(decoder, shape, options);
  const sequences = lengths.map((length, sequence) =>
    Array.from({ length }, (_, step) => {
      const first = (sequence * time + step) * classes;
      const row = logProbabilities.subarray(first, first + classes);
      if (!row.some(Number.isNaN)) return row;
      throw new UnrolledError(
        "UNROLLED_NOT_FINITE",
        `${decoder}: \`logits\` of sequence ${sequence} at step ${step} must give probabilities, ` +
          "received NaN or ∞ among them, or nothing but −∞.",
      );
    }),
  );
  return { classes, blank, sequences };
}
