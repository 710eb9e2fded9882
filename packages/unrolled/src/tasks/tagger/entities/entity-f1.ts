import type { CountMetric } from "../../../training/metrics/metric.js";
import { countEntities, MatchCounts } from "./entity-scores.js";

/**
 * The F1 of whole entities, as `entityScores` counts them over all sequences, for `crfLoss` and `crossEntropy`.
 *
 * @param tags by their indices
 * @throws {UnrolledError} when used, `UNROLLED_VALUE` for a tag that is none of a scheme.
 */
export function entityF1(tags: readonly string[]): CountMetric {
  return {
    name: "f1",
    targets: "indices",
    better: "higher",
    counted: ["gold", "predicted", "right"],
    counts: (output, targets, sequences) => {
      const width = output.shape[1] as number;
      const [scores, gold] = [output.data, targets.data];
      const matches = new MatchCounts();
      for (const rows of sequences) {
        const tagsAt = (indexOf: (row: number) => number) => Array.from(rows, (row) => tags[indexOf(row)] as string);
        countEntities(
          matches,
          tagsAt((row) => gold[row] as number),
          tagsAt((row) => largest(scores, row * width, width)),
        );
      }
      const { all } = matches;
      return [all.gold, all.predicted, all.right];
    },
    finish: ([gold = 0, predicted = 0, right = 0]) => (right === 0 ? 0 : (2 * right) / (gold + predicted)),
  };
}

/** The place of the largest of some values from `first` on, the first of several. */
function largest(values: ArrayLike<number>, first: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if ((values[first + k] as number) > (values[first + best] as number)) best = k;
  return best;
}
