import { describeMachine, type Machine } from "../machine.js";
import { textTable } from "../text-table.js";
import type { Race, Timing } from "./measure.js";
import { OURS } from "./peers/registry.js";

/** The results as a table for people. */
export function raceTable(machine: Machine, races: readonly Race[]): string {
  const contestants = new Map(races.flatMap(({ ours, peers }) => [ours, ...peers]).map((timing) => [timing.name, timing]));
  const peers = [...contestants.keys()].filter((name) => name !== OURS);
  const title = ["training step, median", OURS, "GFLOP/s", ...peers.flatMap((name) => [name, "GFLOP/s", "times as fast"])];
  const rows = races.map(({ workload, ours, peers: theirs }) => [
    workload.name,
    ...figures(ours),
    ...theirs.flatMap((timing) => [...figures(timing), timing.ratio.toFixed(1)]),
  ]);
  const versions = [...contestants.values()].map(({ name, version, computesWith }) => [`${name} ${version}`, computesWith]);
  return [
    describeMachine(machine),
    ...versions.map(([name, computesWith]) => `${name}: ${computesWith}`),
    "",
    textTable([title, ...rows]),
  ].join("\n");
}

function figures({ ms, gflops }: Timing): [string, string] {
  return [`${ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms`, gflops.toFixed(1)];
}

/** The results as the one object that `--json` prints. */
export function raceRecord(machine: Machine, races: readonly Race[]): object {
  const contestants = races.flatMap(({ ours, peers }) => [ours, ...peers]);
  return {
    machine,
    versions: Object.fromEntries(contestants.map(({ name, version, computesWith }) => [name, { version, computesWith }])),
    cases: races.map(({ workload, ours, peers }) => ({
      case: workload.name,
      mode: "train",
      unrolled: record(ours),
      peers: Object.fromEntries(peers.map((timing) => [timing.name, { ...record(timing), ratio: timing.ratio }])),
    })),
  };
}

function record({ ms, gflops, steps }: Timing): object {
  return { ms, gflops, steps };
}
