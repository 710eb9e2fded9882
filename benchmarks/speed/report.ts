import { describeMachine, type Machine } from "../machine.js";
import { formatMilliseconds, formatRatio, NONE, type Table } from "../table.js";
import { textTable } from "../text-table.js";
import type { PeerTiming, Race, Timing } from "./measure.js";
import { OURS, ourPartOf, peers } from "./peers/registry.js";
import { type Mode, modes } from "./workload.js";

const HEADINGS: Readonly<Record<Mode, string>> = { train: "Training step", infer: "Inference", step: "One step of a stream" };

/** The results as tables for people. */
export function raceText(machine: Machine, races: readonly Race[]): string {
  return [describeMachine(machine), ...versionLines(races), ...raceTables(races).map(asText)].join("\n");
}

/** A table below its heading. */
export function asText({ heading, titles, rows }: Table): string {
  return `\n${heading}\n${textTable([titles, ...rows])}`;
}

/** One table a mode. `×` is the peer's time divided by ours for the same part. */
export function raceTables(races: readonly Race[]): Table[] {
  return modes.flatMap((mode) => {
    const those = races.filter((race) => race.mode === mode);
    return those.length === 0 ? [] : [tableOf(mode, those)];
  });
}

function tableOf(mode: Mode, races: readonly Race[]): Table {
  const columns = namesIn(races.flatMap((race) => race.columns));
  const timings = races.flatMap((race) => race.peers);
  const ofNetwork = namesIn(timings.filter(({ part }) => part === ourPartOf(mode)));
  const ofLayer = namesIn(timings.filter(({ part }) => part !== ourPartOf(mode)));
  const onlyLayers = mode !== "step" && races.every(({ ours: [main] }) => main.part === "layer");
  const showsAlone = ofLayer.length > 0 && !onlyLayers;
  const titlesOf = (names: readonly string[]) => names.flatMap((name) => [titleOf(name), "×"]);
  const titles = [
    "median",
    onlyLayers ? `${OURS}, layers alone` : OURS,
    "GFLOP/s",
    ...columns.map((name) => `${OURS}, ${name}`),
    ...titlesOf(ofNetwork),
    ...(showsAlone ? [`${OURS}, layers alone`] : []),
    ...titlesOf(ofLayer),
  ];
  const rows = races.map((race) => {
    const [main, ...others] = race.ours;
    const alone = [main, ...others].find(({ part }) => part === "layer");
    const figures = (names: readonly string[]) =>
      names.flatMap((name) => peerFigures(race.peers.find((peer) => peer.name === name)));
    return [
      race.workload.name,
      formatMilliseconds(main.ms),
      main.gflops.toFixed(1),
      ...columns.map((name) => milliseconds(race.columns.find((column) => column.name === name))),
      ...figures(ofNetwork),
      ...(showsAlone ? [milliseconds(alone)] : []),
      ...figures(ofLayer),
    ];
  });
  return { heading: HEADINGS[mode], titles, rows };
}

/** Who raced, in which version, and what with. */
export function versionLines(races: readonly Race[]): string[] {
  return [...contestants(races)].map(([name, { version, computesWith }]) => `${titleOf(name)} ${version}: ${computesWith}`);
}

/** The results as the one object that `--json` prints. */
export function raceRecord(machine: Machine, races: readonly Race[]): object {
  const versions = [...contestants(races)].map(([name, { version, computesWith }]) => [name, { version, computesWith }]);
  return { machine, versions: Object.fromEntries(versions), cases: races.map(caseRecord) };
}

/** A race as an entry of `cases`. */
export function caseRecord({ workload, mode, ours: [main, ...others], columns, peers: theirs }: Race): object {
  const peerRecord = (timing: PeerTiming) => {
    // What it is compared with, where that isn't the figure above.
    const other = others.find(({ part }) => part === timing.part && part !== main.part);
    return { ...record(timing), ratio: timing.ratio, ...(other ? { unrolled: record(other) } : {}) };
  };
  return {
    case: workload.name,
    mode,
    unrolled: record(main),
    columns: Object.fromEntries(columns.map((column) => [column.name, record(column)])),
    peers: Object.fromEntries(theirs.map((timing) => [timing.name, peerRecord(timing)])),
  };
}

function record({ ms, gflops, runs, part }: Timing): object {
  return { ms, gflops, runs, part };
}

/** "PyTorch"; ours and its columns by their own names. */
export function titleOf(name: string): string {
  return peers.find((peer) => peer.name === name)?.title ?? name;
}

function contestants(races: readonly Race[]): Map<string, Timing> {
  const all = races.flatMap(({ ours, columns, peers: theirs }) => [
    ...ours.slice(0, 1),
    ...columns.map((column) => ({ ...column, name: `${OURS}, ${column.name}` })),
    ...theirs,
  ]);
  return new Map(all.map((timing) => [timing.name, timing]));
}

function namesIn(timings: readonly Timing[]): string[] {
  return [...new Set(timings.map(({ name }) => name))];
}

function peerFigures(timing: PeerTiming | undefined): [string, string] {
  return [milliseconds(timing), timing ? formatRatio(timing.ratio) : NONE];
}

function milliseconds(timing: Timing | undefined): string {
  return timing ? formatMilliseconds(timing.ms) : NONE;
}
