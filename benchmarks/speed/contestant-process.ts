/**
 * The program of a contestant that runs in Node: `contestant-process <peer> <mode> <part> <threads> <workload…>`; protocol.ts
 * says how it speaks.
 */
import { Console } from "node:console";
import { createInterface } from "node:readline";
import { batchOf } from "./batch.js";
import { loadPeer } from "./peers/in-node.js";
import { type Answer, STREAM_STEPS, type Turn } from "./protocol.js";
import { type Job, workload } from "./workload.js";

// Standard output is the answers' alone.
globalThis.console = new Console(process.stderr);

const [peerName = "", mode, part, threads, ...words] = process.argv.slice(2);

try {
  const job = { workload: workload(words.join(" ")), mode, part } as Job;
  const { version, prepare } = await loadPeer(peerName);
  const prepared = await prepare(job, batchOf(job.workload), Number(threads));
  const calls = job.mode === "step" ? STREAM_STEPS : 1;
  const partsOfJob = prepared.partsOfJob ?? 1;
  answer({ introduction: { version, computesWith: prepared.computesWith } });
  for await (const line of createInterface({ input: process.stdin })) {
    answer({ turn: await takeTurn(prepared.run, calls, partsOfJob, Number(line)) });
  }
} catch (error) {
  answer({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
// Threads that a peer keeps would hold the process.
process.exit();

async function takeTurn(
  run: () => Promise<number> | number,
  calls: number,
  partsOfJob: number,
  milliseconds: number,
): Promise<Turn> {
  const times: number[] = [];
  const values: number[] = [];
  const began = performance.now();
  let now = began;
  do {
    const before = now;
    let value = Number.NaN;
    for (let call = 0; call < calls; call++) {
      const result = run();
      // A peer that answers at once shall not pay for waiting.
      value = typeof result === "number" ? result : await result;
    }
    now = performance.now();
    times.push(((now - before) / calls) * partsOfJob);
    values.push(value);
  } while (now - began < milliseconds);
  return { times, values };
}

function answer(message: Answer): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
