import type { CtcInputOptions } from "../../autograd/ops/ctc-input.js";
import { ctcGreedyDecode } from "../../decoding/index.js";
import { checkKnown } from "../../layers/options.js";
import type { SequenceMetric } from "./metric.js";

/** How `labelErrorRate` reads outputs. */
export interface LabelErrorRateOptions extends Pick<CtcInputOptions, "blank"> {}

/**
 * The label error rate (Graves et al. 2006): how many labels must be inserted, deleted or replaced to turn what `ctcGreedyDecode` reads into
 * the target, divided by the target's labels (of an empty one by 1); the mean over sequences. For `ctc`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an unknown option.
 */
export function labelErrorRate(options: LabelErrorRateOptions = {}): SequenceMetric {
  checkKnown("labelErrorRate", options, ["blank"]);
  return {
    name: "labelErrorRate",
    targets: "labels",
    better: "lower",
    sequences: (output, labels, lengths) =>
      ctcGreedyDecode(output, { ...options, inputLengths: lengths }).map((read, sequence) => {
        const target = labels[sequence] ?? [];
        return editDistance(read, target) / Math.max(1, target.length);
      }),
  };
}

/** The fewest insertions, deletions and replacements that turn one into the other (Levenshtein 1966). */
function editDistance(from: ArrayLike<number>, to: ArrayLike<number>): number {
  // to every beginning of `to`, from the beginning of `from` so far
  let distances = Array.from({ length: to.length + 1 }, (_, length) => length);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = (distances[j] as number) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(replaced, (distances[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    distances = next;
  }
  return distances[to.length] as number;
}
