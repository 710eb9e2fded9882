import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { CommandRing, ringLayout } from "./command-ring.js";

describe("CommandRing", () => {
  it.each([true, false, undefined])("waits 2.5 seconds for a worker of which the host says that it lives: %s", async (lives) => {
    const memory = new SharedArrayBuffer(8 * CommandRing.length);
    const ring = new CommandRing(memory, 0, 0, () => lives);
    const late = `
      const { memory, layout } = require("node:worker_threads").workerData;
      const control = new Int32Array(memory);
      Atomics.store(control, layout.STATE, 1);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);
      Atomics.store(control, layout.DONE, 1);
    `;
    const worker = new Worker(late, { eval: true, workerData: { memory, layout: ringLayout } });
    while (!ring.isReady) await new Promise((ready) => setTimeout(ready, 5));
    ring.begin(0);
    ring.send();
    const finish = expect(() => ring.finish());
    if (lives) finish.not.toThrow();
    else finish.toThrow(expect.objectContaining({ code: "UNROLLED_THREAD" }));
    await worker.terminate();
  });
});
