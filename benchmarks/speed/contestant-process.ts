/** The program of a contestant's process: `contestant-process.ts <peer> <workload>`, started and asked by contestant.ts. */
import { batchOf } from "./batch.js";
import { workloads } from "./cases.js";
import type { Answer, Turn, TurnRequest } from "./contestant.js";
import { loadPeer } from "./peers/registry.js";

const [peerName = "", workloadName] = process.argv.slice(2);

// The parent is gone.
process.on("disconnect", () => process.exit());

try {
  const workload = workloads.find(({ name }) => name === workloadName);
  if (!workload) throw new Error(`there is no case ${workloadName}`);
  const peer = await loadPeer(peerName);
  const { computesWith, step } = await peer.prepare(workload, batchOf(workload));
  process.on("message", ({ milliseconds }: TurnRequest) => {
    takeTurn(step, milliseconds).then((turn) => answer({ turn }), fail);
  });
  answer({ introduction: { version: peer.version, computesWith } });
} catch (error) {
  fail(error);
}

async function takeTurn(step: () => Promise<number>, milliseconds: number): Promise<Turn> {
  const times: number[] = [];
  const losses: number[] = [];
  const began = performance.now();
  let now = began;
  do {
    const before = now;
    losses.push(await step());
    now = performance.now();
    times.push(now - before);
  } while (now - began < milliseconds);
  return { times, losses };
}

function answer(message: Answer): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  answer({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
