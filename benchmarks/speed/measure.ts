import { median } from "../median.js";
import { trainingOperations, type Workload } from "./cases.js";
import { Contestant, type Turn } from "./contestant.js";
import { OURS } from "./peers/registry.js";

/** Before anything counts, each trains at least this long and at least once: engines compile what runs often only after a while. */
const WARM_UP_MILLISECONDS = 1000;
/** A turn is short, so that the machine's moods hit all alike, and long enough to get used to the processor again. */
const TURN_MILLISECONDS = 250;
/** Rounds go on until a case has taken this long. */
const CASE_MILLISECONDS = 20_000;
const LEAST_ROUNDS = 2;

/** One contestant's training of one workload. */
export interface Timing {
  readonly name: string;
  readonly version: string;
  readonly computesWith: string;
  /** Median of a step, in milliseconds. */
  readonly ms: number;
  /** Billions of floating-point operations a second. */
  readonly gflops: number;
  /** Steps that were timed. */
  readonly steps: number;
}

/** One workload's race. */
export interface Race {
  readonly workload: Workload;
  readonly ours: Timing;
  /** `ratio`: how many times our speed is theirs, their time divided by ours. */
  readonly peers: readonly (Timing & { readonly ratio: number })[];
}

/**
 * Times training steps of this project and of peers in turn: a round is a turn of ours and one of each peer, and a last turn of ours
 * follows, so that a machine that becomes slower or faster favours nobody.
 *
 * @param rounds default: as many as fit into 20 seconds, at least 2
 */
export async function race(workload: Workload, peers: readonly string[], rounds?: number): Promise<Race> {
  const contestants: Contestant[] = [];
  try {
    for (const name of [OURS, ...peers]) contestants.push(await Contestant.start(name, workload));
    const turns = await takeTurns(contestants, workload, rounds);
    const [ours, ...theirs] = contestants.map((contestant) => timingOf(contestant, turns.get(contestant) ?? [], workload));
    if (!ours) throw new Error("race: nobody ran");
    return { workload, ours, peers: theirs.map((timing) => ({ ...timing, ratio: timing.ms / ours.ms })) };
  } finally {
    for (const contestant of contestants) contestant.stop();
  }
}

async function takeTurns(
  contestants: readonly Contestant[],
  workload: Workload,
  rounds: number | undefined,
): Promise<Map<Contestant, Turn[]>> {
  const turns = new Map<Contestant, Turn[]>();
  const losses = new Map<Contestant, number[]>();
  const take = async (contestant: Contestant) => {
    const turn = await contestant.train(TURN_MILLISECONDS);
    turns.get(contestant)?.push(turn);
    losses.get(contestant)?.push(...turn.losses);
  };

  for (const contestant of contestants) {
    const warmUp = await contestant.train(WARM_UP_MILLISECONDS);
    turns.set(contestant, []);
    losses.set(contestant, [...warmUp.losses]);
  }
  const began = performance.now();
  const goesOn = (round: number) =>
    rounds === undefined ? round < LEAST_ROUNDS || performance.now() - began < CASE_MILLISECONDS : round < rounds;
  for (let round = 0; goesOn(round); round++) {
    for (const contestant of contestants) await take(contestant);
  }
  const [ours] = contestants;
  if (ours) await take(ours);

  for (const [{ name }, course] of losses) checkLearns(name, course, workload);
  return turns;
}

/**
 * A peer that left out a part of the work would look fast: before the first update the loss is near that of a guess, ln V, and it
 * falls on a batch that is seen again and again.
 */
function checkLearns(name: string, losses: readonly number[], { name: workload, classes }: Workload): void {
  const [first = Number.NaN, last = Number.NaN] = [losses[0], losses.at(-1)];
  const guess = Math.log(classes);
  if (Math.abs(first - guess) < 0.5 && last < first) return;
  throw new Error(
    `${name}: it doesn't train ${workload}: the loss must begin near ${guess.toFixed(2)} and fall, received ` +
      `${first.toFixed(4)} at first and ${last.toFixed(4)} after ${losses.length} steps.`,
  );
}

function timingOf({ name, version, computesWith }: Contestant, turns: readonly Turn[], workload: Workload): Timing {
  const times = turns.flatMap((turn) => turn.times);
  const ms = median(times);
  return { name, version, computesWith, ms, gflops: trainingOperations(workload) / ms / 1e6, steps: times.length };
}
