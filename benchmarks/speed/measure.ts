import { median } from "../median.js";
import type { Case } from "./cases.js";
import { Contestant } from "./contestant.js";
import { OURS, ourCommand, ourPartOf, type PeerEntry } from "./peers/registry.js";
import type { Command } from "./programs/command.js";
import type { Turn } from "./protocol.js";
import { type Job, operations, type Part } from "./workload.js";

/** Before anything counts, each runs at least this long and at least once: engines compile what runs often only after a while. */
const WARM_UP_MILLISECONDS = 500;
/** A turn is short, so that the machine's moods hit all alike, and long enough to get used to the processor again. */
const TURN_MILLISECONDS = 250;
/** Rounds go on until a case has taken this long. */
const CASE_MILLISECONDS = 5000;
const LEAST_ROUNDS = 2;
/** Whose first run takes longer has had its turn: that one run is its figure. */
const LONG_MILLISECONDS = 3000;

/** This project in another setting, beside the one that peers are compared with. */
export interface Column {
  readonly name: string;
  /** Path of a Node; default: this one. */
  readonly node?: string;
  /** `UNROLLED_SIMD`; default: as the library chooses. */
  readonly build?: string;
}

export interface RaceOptions {
  readonly peers: readonly PeerEntry[];
  readonly columns?: readonly Column[];
  /** Of this project; default: as the library chooses. */
  readonly build?: string | undefined;
  /**
   * Of every contestant that can have several. Default 0: as many as each takes by itself, the machine's cores where it wants to
   * be told.
   */
  readonly threads?: number;
  /** Default: as many as fit into 5 seconds, at least 2. */
  readonly rounds?: number | undefined;
}

/** One contestant's figures in one race. */
export interface Timing {
  readonly name: string;
  readonly part: Part;
  readonly version: string;
  readonly computesWith: string;
  /** Median of a run, in milliseconds. */
  readonly ms: number;
  /** Billions of floating-point operations a second. */
  readonly gflops: number;
  /** Runs that were timed; for a stream hundreds of steps. */
  readonly runs: number;
}

/** `ratio`: their time divided by ours for the same part. */
export type PeerTiming = Timing & { readonly ratio: number };

/** One case's race. */
export interface Race extends Case {
  /** What the peers are compared with, by part; the first is what the case is about. */
  readonly ours: readonly [Timing, ...Timing[]];
  readonly columns: readonly Timing[];
  readonly peers: readonly PeerTiming[];
}

interface Entrant {
  readonly name: string;
  readonly job: Job;
  readonly role: "ours" | "column" | "peer";
  readonly command: Promise<Command>;
  readonly crossEntropy: boolean;
}

interface Runner extends Entrant {
  readonly contestant: Contestant;
  readonly turns: Turn[];
  /** Losses, or numbers of the result, from the warm-up on. */
  readonly values: number[];
  /** Whether its one run was all. */
  done: boolean;
}

/** Whether a peer takes part in a case. */
export function takesPart({ partOf, takes }: PeerEntry, { workload, mode }: Case): boolean {
  return takes({ workload, mode, part: partOf(mode) });
}

/**
 * Times runs of this project and of peers in turn: a round is a turn of everyone, and a last turn of ours follows, so that a
 * machine that becomes slower or faster favours nobody.
 */
export async function race(raced: Case, options: RaceOptions): Promise<Race> {
  const runners = await startAll(entrants(raced, options));
  try {
    await takeTurns(runners, options.rounds);
    const finished = runners.filter(({ turns }) => turns.length > 0);
    for (const runner of finished) checkWorks(runner);
    const timings = finished.map((runner) => ({ role: runner.role, timing: timingOf(runner) }));
    const of = (role: Entrant["role"]) => timings.filter((each) => each.role === role).map(({ timing }) => timing);
    const [main, ...others] = of("ours");
    if (!main) throw new Error("race: nobody ran");
    const ours = [main, ...others] as const;
    const peers = of("peer").map((timing) => {
      const own = ours.find(({ part }) => part === timing.part) ?? main;
      return { ...timing, ratio: timing.ms / own.ms };
    });
    return { ...raced, ours, columns: of("column"), peers };
  } finally {
    for (const { contestant } of runners) contestant.stop();
  }
}

function entrants({ workload, mode }: Case, { peers, columns = [], build, threads = 0 }: RaceOptions): Entrant[] {
  const taking = peers.filter((peer) => takesPart(peer, { workload, mode }));
  // Where every peer computes the layers alone, so do we.
  const parts = new Set(taking.map((peer) => peer.partOf(mode)));
  const main = parts.size === 0 || parts.has(ourPartOf(mode)) ? ourPartOf(mode) : "layer";
  const jobOf = (part: Part): Job => ({ workload, mode, part });
  const ours = [main, ...[...parts].filter((part) => part !== main)].map((part): Entrant => {
    const job = jobOf(part);
    const command = ourCommand(job, threads, build === undefined ? {} : { build });
    return { name: OURS, job, role: "ours", command, crossEntropy: true };
  });
  const ownColumns = columns.map(
    ({ name, ...setting }): Entrant => ({
      name,
      job: jobOf(main),
      role: "column",
      command: ourCommand(jobOf(main), threads, setting),
      crossEntropy: true,
    }),
  );
  const others = taking.map((peer): Entrant => {
    const job = jobOf(peer.partOf(mode));
    return { name: peer.name, job, role: "peer", command: peer.command(job, threads), crossEntropy: peer.crossEntropy };
  });
  return [...ours, ...ownColumns, ...others];
}

/** Starts every process at once; where one fails, all are ended. */
async function startAll(all: readonly Entrant[]): Promise<Runner[]> {
  const started = await Promise.allSettled(
    all.map(async (entrant): Promise<Runner> => {
      const contestant = await Contestant.start(entrant.name, await entrant.command);
      return { ...entrant, contestant, turns: [], values: [], done: false };
    }),
  );
  const runners = started.filter((result) => result.status === "fulfilled").map(({ value }) => value);
  const failed = started.find((result) => result.status === "rejected");
  if (!failed) return runners;
  for (const { contestant } of runners) contestant.stop();
  throw failed.reason;
}

async function takeTurns(runners: readonly Runner[], rounds: number | undefined): Promise<void> {
  for (const runner of runners) {
    const began = performance.now();
    const warmUp = await turnOf(runner, WARM_UP_MILLISECONDS);
    if (!warmUp) continue;
    runner.values.push(...warmUp.values);
    runner.done = runner.role === "peer" && performance.now() - began > LONG_MILLISECONDS;
    if (runner.done) runner.turns.push(warmUp);
  }
  const take = async (runner: Runner) => {
    const turn = await turnOf(runner, TURN_MILLISECONDS);
    if (!turn) return;
    runner.turns.push(turn);
    runner.values.push(...turn.values);
  };
  const began = performance.now();
  const goesOn = (round: number) =>
    rounds === undefined ? round < LEAST_ROUNDS || performance.now() - began < CASE_MILLISECONDS : round < rounds;
  for (let round = 0; goesOn(round); round++) {
    for (const runner of runners) if (!runner.done) await take(runner);
  }
  for (const runner of runners) if (runner.role === "ours") await take(runner);
}

/** A turn; a peer that fails is out of the race, and that is said. */
async function turnOf(runner: Runner, milliseconds: number): Promise<Turn | undefined> {
  try {
    return await runner.contestant.take(milliseconds);
  } catch (error) {
    if (runner.role !== "peer") throw error;
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    process.stderr.write(`left out ${runner.name}: ${reason}\n`);
    runner.done = true;
    runner.turns.length = 0;
    return undefined;
  }
}

/**
 * A contestant that left out a part of the work would look fast: before the first update the loss is near that of a guess, ln V,
 * and it falls on a batch that is seen again and again. Of other work the result is a number.
 */
function checkWorks({ name, job: { workload, mode, part }, crossEntropy, values }: Runner): void {
  const [first = Number.NaN, last = Number.NaN] = [values[0], values.at(-1)];
  if (!values.every(Number.isFinite)) throw new Error(`${name}: ${workload.name}, ${mode}: its result is not a number.`);
  if (mode !== "train" || part !== "network" || !crossEntropy) return;
  const guess = Math.log(workload.classes);
  if (Math.abs(first - guess) < 0.5 && (values.length === 1 || last < first)) return;
  throw new Error(
    `${name}: it doesn't train ${workload.name}: the loss must begin near ${guess.toFixed(2)} and fall, received ` +
      `${first.toFixed(4)} at first and ${last.toFixed(4)} after ${values.length} steps.`,
  );
}

function timingOf({ name, job, contestant: { version, computesWith }, turns }: Runner): Timing {
  const times = turns.flatMap((turn) => turn.times);
  const ms = median(times);
  return { name, part: job.part, version, computesWith, ms, gflops: operations(job) / ms / 1e6, runs: times.length };
}
