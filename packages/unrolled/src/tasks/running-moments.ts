import { UnrolledError } from "../errors.js";

/** Squares of smaller numbers lose their digits. */
const LEAST_DEVIATION = 1e-140;

/** Mean and standard deviation of numbers that come one by one (Welford 1962). */
export class RunningMoments {
  count = 0;
  mean = 0;
  #squares = 0;

  add(value: number): void {
    this.count++;
    const before = value - this.mean;
    this.mean += before / this.count;
    this.#squares += before * (value - this.mean);
  }

  /** Counts in what another one saw (Chan et al. 1979). */
  merge(other: RunningMoments): void {
    const { count, mean } = other;
    if (count === 0) return;
    const all = this.count + count;
    const between = mean - this.mean;
    this.#squares += other.#squares + between ** 2 * ((this.count * count) / all);
    this.mean += between * (count / all);
    this.count = all;
  }

  /** Of the numbers so far; 1 where they are all alike, so that dividing by it changes nothing. */
  get deviation(): number {
    const deviation = this.count === 0 ? 0 : Math.sqrt(this.#squares / this.count);
    return deviation > Math.max(LEAST_DEVIATION, 1e-12 * Math.abs(this.mean)) ? deviation : 1;
  }

  /**
   * What brings the numbers to mean 0 and deviation 1.
   *
   * @param column whose they are, for the error
   * @throws {UnrolledError} `UNROLLED_DATA` where they are so large that their squares are infinite.
   */
  scale(column: string): { mean: number; deviation: number } {
    const { mean, deviation } = this;
    if (Number.isFinite(deviation)) return { mean, deviation };
    throw new UnrolledError(
      "UNROLLED_DATA",
      `scaling: \`${column}\` has numbers so large that 64 bits can't hold their squares; give them in a larger unit.`,
    );
  }
}

/** How the numbers of a column, or variable, are scaled: by its own moments, by those of all together, or not at all. */
export type Scaling = "each" | "together" | "none";
export const SCALINGS: readonly Scaling[] = ["each", "together", "none"];

/**
 * Means and deviations by which columns are scaled.
 *
 * @param names of the columns
 * @throws {UnrolledError} `UNROLLED_DATA` for numbers whose squares are infinite.
 */
export function scales(
  moments: readonly RunningMoments[],
  scaling: Scaling,
  names: readonly string[],
): { mean: number; deviation: number }[] {
  if (scaling === "none") return moments.map(() => ({ mean: 0, deviation: 1 }));
  if (scaling === "each") return moments.map((own, place) => own.scale(names[place] as string));
  const all = new RunningMoments();
  for (const own of moments) all.merge(own);
  const scale = all.scale(names.join(", "));
  return moments.map(() => scale);
}
