import { setTimeout } from "node:timers/promises";
import type { Engine } from "../engine.js";
import { type WasmBuild, wasmEngine } from "../wasm-engine.js";

/** An engine of which so many threads take part in everything, however small, from the first call on. */
export async function threadedEngine(build: WasmBuild, threads: number): Promise<Engine> {
  const engine = wasmEngine(build, { threads, leastWork: 0 });
  for (let waits = 0; engine.threads.countFor(1) < threads; waits++) {
    if (waits === 500) throw new Error(`only ${engine.threads.countFor(1)} of ${threads} threads have started in 10 s`);
    await setTimeout(20);
  }
  return engine;
}
