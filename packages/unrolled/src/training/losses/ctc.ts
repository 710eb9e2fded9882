import { type CtcLossOptions, ctcLoss } from "../../autograd/ops/ctc.js";
import { checkKnown } from "../../layers/options.js";
import type { SequenceLoss } from "./loss.js";

/** How `ctc` reads outputs and targets. */
export interface CtcOptions extends Pick<CtcLossOptions, "blank" | "zeroInfinity"> {}

/**
 * Connectionist temporal classification (Graves et al. 2006) as a loss for `fit`: the mean over sequences of `ctcLoss`, each over its own
 * steps. The network gives logits at each step, one a class and one for the blank (class 0, unless told otherwise); a batch's `y` is for
 * each sequence its labels, without blanks: `y: [[3, 1, 4], [2]]`. Sample weights are those of sequences; there is no mask.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an unknown option; when used, as `ctcLoss`.
 *
 * @example await fit(network, [{ x, y: [[3, 1, 4], [2]], lengths: [20, 12] }], { loss: ctc(), optimizer: adam(), metrics: [labelErrorRate()] });
 */
export function ctc(options: CtcOptions = {}): SequenceLoss {
  checkKnown("ctc", options, ["blank", "zeroInfinity"]);
  return {
    name: "ctc",
    targets: "labels",
    ofSequences: (output, labels, lengths) => ctcLoss(output, labels, { ...options, inputLengths: lengths, reduction: "none" }),
  };
}
