import { describeMachine, type Machine } from "../machine.js";
import { textTable } from "../text-table.js";
import type { Measurement } from "./measure.js";

/** The results as tables for people. */
export function qualityTables(machine: Machine, measurements: readonly Measurement[]): string {
  return [describeMachine(machine), ...measurements.map(qualityTable)].join("\n\n");
}

function qualityTable({ task, baselines, runs, value, reached }: Measurement): string {
  const seeds = runs.map(({ seed }) => seed);
  const own = seeds.length === 1 ? `unrolled, seed ${seeds[0]}` : `unrolled, median of seeds ${seeds.join(", ")}`;
  const spread = runs.length === 1 ? [] : runs.map((run) => [`  seed ${run.seed}`, run.value.toFixed(4)]);
  const verdict = reached ? "reached" : `missed by ${Math.abs(value - task.target).toFixed(4)}`;
  return [
    `${task.name}: ${task.description}`,
    textTable([
      [task.figure, ""],
      ...baselines.map((baseline) => [baseline.name, baseline.value.toFixed(4)]),
      [own, value.toFixed(4)],
      ...spread,
      ...(task.published ? [[task.published.name, task.published.value.toFixed(4)]] : []),
      [`target, at ${task.better === "lower" ? "most" : "least"}`, task.target.toFixed(4)],
    ]),
    `Target ${verdict}.`,
  ].join("\n");
}

/** The results as the one object that `--json` prints. */
export function qualityRecord(machine: Machine, measurements: readonly Measurement[]): object {
  return {
    machine,
    tasks: measurements.map(({ task, options, baselines, runs, value, reached }) => ({
      task: task.name,
      figure: task.figure,
      better: task.better,
      ...(task.published ? { published: task.published } : {}),
      value,
      target: task.target,
      reached,
      baseline: Object.fromEntries(baselines.map((baseline) => [baseline.name, baseline.value])),
      options,
      runs,
    })),
  };
}
