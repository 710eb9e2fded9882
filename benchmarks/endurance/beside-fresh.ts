import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { median } from "../median.js";
import { type Reading, type Trainee, train } from "./training.js";

/** Minutes of a turn. */
const TURN = 1 / 6;

/** Nanoseconds for each row of a batch: of what was trained for long, and of a process that has just begun. */
export interface AgedAndFresh {
  readonly aged: number;
  readonly fresh: number;
  readonly ratio: number;
}

/**
 * Trains what was trained for long beside a fresh process, in turns: the machine itself becomes slower and faster over minutes, and does so for both.
 */
export async function besideFresh(trainee: Trainee, rounds: number): Promise<AgedAndFresh> {
  const child = fork(fileURLToPath(new URL("./fresh.ts", import.meta.url)), { execArgv: process.execArgv });
  const times: { aged: number; fresh: number }[] = [];
  try {
    await turnOf(child); // compiles
    for (let round = 0; round < rounds; round++) {
      const [reading] = await train(trainee, TURN);
      times.push({ aged: (reading as Reading).nanosecondsPerRow, fresh: await turnOf(child) });
    }
  } finally {
    child.kill();
  }
  const [aged, fresh] = [median(times.map((time) => time.aged)), median(times.map((time) => time.fresh))];
  return { aged, fresh, ratio: median(times.map((time) => time.aged / time.fresh)) };
}

async function turnOf(child: ChildProcess): Promise<number> {
  child.send(TURN);
  const [nanoseconds] = await once(child, "message");
  return nanoseconds as number;
}
