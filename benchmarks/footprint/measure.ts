import { readFileSync } from "node:fs";
import { median } from "../median.js";
import { smallest, third } from "../speed/cases.js";
import { Contestant } from "../speed/contestant.js";
import { takesPart } from "../speed/measure.js";
import { OURS, ourCommand, type PeerEntry } from "../speed/peers/registry.js";
import type { Command } from "../speed/programs/command.js";
import type { Workload } from "../speed/workload.js";
import { pageSizes } from "./size.js";

/** What a library costs besides the time of its steps. */
export interface Footprint {
  readonly name: string;
  /** Milliseconds from the start of the process to the end of the first trained step; undefined where it doesn't train. */
  readonly startUp: number | undefined;
  /** Bytes of the process at its largest while it trains; undefined where the system doesn't tell. */
  readonly peakMemory: number | undefined;
  /** Bytes that a page loads, gzipped; undefined where it runs on no page. */
  readonly gzipped: number | undefined;
}

export const startUpWorkload = smallest;
export const memoryWorkload = third;

/** Of a first step that takes longer, one is enough to see the memory. */
const LONG_MILLISECONDS = 2000;

interface Subject {
  readonly name: string;
  readonly commandFor: (workload: Workload) => Promise<Command>;
}

/** @param rounds starts of each, in turn, of which the median counts */
export async function measureFootprints(peers: readonly PeerEntry[], rounds = 3): Promise<readonly Footprint[]> {
  const subjects: Subject[] = [
    { name: OURS, commandFor: (workload) => ourCommand({ workload, mode: "train", part: "network" }, 0) },
    ...peers
      .filter((peer) => takesPart(peer, { workload: smallest, mode: "train" }))
      .map(({ name, command, partOf }) => ({
        name,
        commandFor: (workload: Workload) => command({ workload, mode: "train", part: partOf("train") }, 0),
      })),
  ];
  const sizes = new Map((await pageSizes()).map(({ name, bytes }) => [name, bytes]));
  const starts = new Map<Subject, number[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [subject, times] of starts) {
      process.stderr.write(`${subject.name}, start-up …\n`);
      times.push(await timeToFirstStep(subject));
    }
  }
  const footprints: Footprint[] = [];
  for (const subject of subjects) {
    process.stderr.write(`${subject.name}, memory …\n`);
    const startUp = median(starts.get(subject) ?? []);
    footprints.push({ name: subject.name, startUp, peakMemory: await peakMemory(subject), gzipped: sizes.get(subject.name) });
  }
  return footprints;
}

async function timeToFirstStep({ name, commandFor }: Subject): Promise<number> {
  const command = await commandFor(startUpWorkload);
  const began = performance.now();
  const contestant = await Contestant.start(name, command);
  const prepared = performance.now() - began;
  try {
    // Of a peer that takes one sequence at a time this is the time of the whole batch.
    const [firstStep = Number.NaN] = (await contestant.take(0)).times;
    return prepared + firstStep;
  } finally {
    contestant.stop();
  }
}

async function peakMemory({ name, commandFor }: Subject): Promise<number | undefined> {
  const contestant = await Contestant.start(name, await commandFor(memoryWorkload));
  try {
    const began = performance.now();
    await contestant.take(0);
    if (performance.now() - began < LONG_MILLISECONDS) for (let step = 0; step < 3; step++) await contestant.take(0);
    return peakOf(contestant.pid);
  } finally {
    contestant.stop();
  }
}

/** The largest resident set so far, by Linux. */
function peakOf(pid: number): number | undefined {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
