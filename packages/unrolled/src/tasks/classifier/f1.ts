/** How the answers about one class turned out. */
export interface ClassCounts {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
}

/** How well one class is told from the others; 0 where there is nothing to divide by. */
export interface ClassMetrics {
  /** What part of the examples taken for the class are of it. */
  precision: number;
  /** What part of the examples of the class are taken for it. */
  recall: number;
  /** 2·precision·recall / (precision + recall). */
  f1: number;
  /** How many examples of the class there were. */
  support: number;
}

export function classMetrics({ truePositives, falsePositives, falseNegatives }: ClassCounts): ClassMetrics {
  return {
    precision: share(truePositives, truePositives + falsePositives),
    recall: share(truePositives, truePositives + falseNegatives),
    f1: share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
    support: truePositives + falseNegatives,
  };
}

/** The mean of the F1 of all classes that stand among the examples or the answers, as scikit-learn has it. */
export function macroF1(counts: readonly ClassCounts[]): number {
  const seen = counts.filter((of) => of.truePositives + of.falsePositives + of.falseNegatives > 0);
  return share(
    seen.reduce((sum, of) => sum + classMetrics(of).f1, 0),
    seen.length,
  );
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
