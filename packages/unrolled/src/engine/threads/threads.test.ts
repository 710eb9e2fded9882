import { execFileSync } from "node:child_process";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { threadedEngine } from "../testing/threaded-engine.js";
import { wasmEngine } from "../wasm-engine.js";
import { boundary } from "./threads.js";

afterEach(() => vi.restoreAllMocks());

describe("Threads", () => {
  it("does blocks in order, each part's on one thread, more of them than a ring holds", async () => {
    const engine = await threadedEngine("baseline", 2);
    const [x, blocks] = [engine.allocator.allocate(32), 5000];
    engine.kernels.fill(32, 0, x);
    engine.threads.run(2, blocks, (kernels, part, block) => {
      const at = x + 16 * part;
      kernels.scale(16, 1 + (block % 2), at, at);
      kernels.addScaled(1, 1, at + 1, at);
      if (block === 0) kernels.fill(16, 1, at);
      if (block === blocks - 1) kernels.fill(1, block, at);
      if (block > 20) kernels.fill(15, 1, at + 1);
    });
    const [own, other] = [engine.read(x, 16), engine.read(x + 16, 16)];
    expect(other).toEqual(own);
    expect(own[0]).toBe(blocks - 1);
  });

  it("leaves small work to its caller", () => {
    const engine = wasmEngine("baseline", { threads: 4 });
    expect(engine.threads.countFor(1000)).toBe(1);
  });

  it("a kernel that traps on another thread is a typed error, and the engine goes on alone", async () => {
    const engine = await threadedEngine("baseline", 2);
    const outside = 2 ** 30 - 16;
    const trap = () => engine.threads.run(2, 1, (kernels, part) => part === 1 && kernels.fill(16, 1, outside));
    expect(trap).toThrow(expect.objectContaining({ code: "UNROLLED_THREAD" }));
    expect(engine.threads.limit).toBe(1);
    const x = engine.allocator.allocate(16);
    engine.kernels.fill(16, 3, x);
    expect(engine.readNumber(x + 15)).toBe(3);
  });

  it("a thread that was killed is a typed error within 2 seconds", async () => {
    const unref = vi.spyOn(Worker.prototype, "unref");
    const engine = await threadedEngine("baseline", 2);
    await (unref.mock.contexts[0] as Worker).terminate();
    const x = engine.allocator.allocate(64);
    const began = performance.now();
    expect(() => engine.kernels.fill(64, 1, x)).toThrow(
      "threads: a worker thread died or does not answer; what was computed with it is lost. " +
        "Go on from the last checkpoint, with configure({ threads: 1 }) if it happens again.",
    );
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it("fewer threads end the workers that are too many, more start others", async () => {
    const terminate = vi.spyOn(Worker.prototype, "terminate");
    const engine = await threadedEngine("baseline", 3);
    engine.threads.limit = 2;
    expect(terminate).toHaveBeenCalledOnce();
    expect(engine.threads.countFor(1)).toBe(2);
    engine.threads.limit = 1;
    expect(terminate).toHaveBeenCalledTimes(2);
    expect(engine.threads.countFor(1)).toBe(1);
  });

  it("a process ends though its threads have work behind them", () => {
    const source = `
      import { configure, dense, evaluate, sequential, tensor } from "unrolled";
      await configure({ threads: 3 });
      const network = sequential([dense({ inputSize: 200, units: 200 })]);
      const x = tensor(new Float32Array(200 * 200), [200, 200]);
      for (let i = 0; i < 50; i++) { network.apply(x); await new Promise((done) => setTimeout(done, 5)); }
      console.log("done");
    `;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", source], { encoding: "utf8", timeout: 20_000 });
    expect(output.trim()).toBe("done");
  });
});

describe("boundary", () => {
  it("cuts into ranges at multiples of the grain that together are the whole", () => {
    for (const [total, parts, grain] of [
      [50, 2, 4],
      [7, 3, 4],
      [1, 8, 16],
      [1003, 8, 16],
    ] as const) {
      const cuts = Array.from({ length: parts + 1 }, (_, part) => boundary(total, part, parts, grain));
      expect(cuts[0]).toBe(0);
      expect(cuts.at(-1)).toBe(total);
      for (const [i, cut] of cuts.slice(1).entries()) expect(cut).toBeGreaterThanOrEqual(cuts[i] as number);
      expect(cuts.slice(0, -1).every((cut) => cut % grain === 0 || cut === total)).toBe(true);
    }
  });
});
