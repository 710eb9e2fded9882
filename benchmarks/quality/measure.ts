import { median } from "../median.js";
import type { Baseline, QualityTask, Result } from "./task.js";

/** What a task reached. */
export interface Measurement {
  readonly task: QualityTask;
  readonly options: object;
  readonly baselines: readonly Baseline[];
  readonly runs: readonly (Result & { readonly seed: number })[];
  /** The median over the seeds. */
  readonly value: number;
  readonly reached: boolean;
}

export interface MeasureOptions {
  /** The folder of the data sets. */
  readonly data: string | undefined;
  readonly seeds: readonly number[];
  readonly steps: number | undefined;
  readonly say: (line: string) => void;
}

/** Runs a task once a seed. */
export async function measure(task: QualityTask, { data, seeds, steps, say }: MeasureOptions): Promise<Measurement> {
  const { options, baselines, run } = await task.open(data);
  const runs: (Result & { seed: number })[] = [];
  for (const seed of seeds) {
    say(`${task.name}, seed ${seed}`);
    runs.push({ seed, ...(await run({ seed, steps, say: (line) => say(`  ${line}`) })) });
  }
  const value = median(runs.map((result) => result.value));
  return { task, options, baselines, runs, value, reached: isReached(task, value) };
}

function isReached({ better, target }: QualityTask, value: number): boolean {
  return better === "lower" ? value <= target : value >= target;
}
