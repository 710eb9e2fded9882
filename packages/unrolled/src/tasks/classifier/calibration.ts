const BINS = 10;

/** Answers of about the same probability. */
export interface CalibrationBin {
  /** Probabilities above this, */
  readonly from: number;
  /** up to this. */
  readonly to: number;
  /** How many answers there were. */
  readonly count: number;
  /** Their mean probability. */
  readonly confidence: number;
  /** What part of them is right. */
  readonly accuracy: number;
}

/** Whether probabilities are true. */
export interface CalibrationReport {
  /**
   * The expected calibration error over 10 bins (Naeini et al. 2015, Guo et al. 2017): Σ count · |accuracy − confidence| / Σ count. 0 is best.
   */
  readonly error: number;
  /** The rows of a reliability diagram; bins without answers are left out. */
  readonly bins: readonly CalibrationBin[];
}

/** Counts answers by their probability. */
export class Calibration {
  readonly #bins = Array.from({ length: BINS }, () => ({ count: 0, confidence: 0, right: 0 }));

  add(probability: number, isRight: boolean): void {
    const place = Math.max(0, Math.min(BINS - 1, Math.ceil(probability * BINS) - 1));
    const bin = this.#bins[place] as { count: number; confidence: number; right: number };
    bin.count++;
    bin.confidence += probability;
    if (isRight) bin.right++;
  }

  get report(): CalibrationReport {
    const total = this.#bins.reduce((sum, { count }) => sum + count, 0);
    const error = this.#bins.reduce((sum, { confidence, right }) => sum + Math.abs(right - confidence), 0);
    const bins = this.#bins.map(({ count, confidence, right }, place) => ({
      ...{ from: place / BINS, to: (place + 1) / BINS, count },
      ...{ confidence: confidence / count, accuracy: right / count },
    }));
    return { error: total === 0 ? 0 : error / total, bins: bins.filter(({ count }) => count > 0) };
  }
}
