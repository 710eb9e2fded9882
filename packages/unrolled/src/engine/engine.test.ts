import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { evaluate, valueAndGradients } from "../autograd/gradients.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import { dense, lstm, sequential } from "../layers/index.js";
import { tensor } from "../tensor/create.js";
import { Parameter } from "../tensor/parameter.js";
import { withEngine } from "./current.js";
import { referenceEngine } from "./reference-engine.js";
import { collectGarbage } from "./testing/collect-garbage.js";
import { engines, wasmEngines } from "./testing/engines.js";
import { wasmEngine } from "./wasm-engine.js";

/** Collects garbage, and lets what follows from it happen, until a condition holds; a bounded number of times. */
async function collectUntil(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 30 && !holds(); round++) {
    // What a WeakRef was asked for lives to the end of its task, so collect in another.
    await setTimeout(0);
    collectGarbage();
    await setTimeout(0);
  }
}

describe.each(engines)("Engine, $name", ({ name, create }) => {
  it("has its name and precision, and memory of its own", () => {
    const [a, b] = [create(), create()];
    expect([a.name, a.precision]).toEqual([name, "float32"]);
    const [inA, inB] = [a.allocator.allocate(4), b.allocator.allocate(4)];
    expect(inA).toBe(inB);
    a.write([1, 2, 3, 4], inA);
    b.write([5, 6, 7, 8], inB);
    a.kernels.scale(4, 10, inA, inA);
    expect([...a.read(inA, 4)]).toEqual([10, 20, 30, 40]);
    expect([...b.read(inB, 4)]).toEqual([5, 6, 7, 8]);
  });

  it("reads copies", () => {
    const engine = create();
    const address = engine.allocator.allocate(2);
    engine.write([1, 2], address);
    const copy = engine.read(address, 2);
    engine.write([3, 4], address);
    expect([...copy]).toEqual([1, 2]);
    expect(engine.readNumber(address + 1)).toBe(4);
  });

  it("kernels work on memory that has grown since they were made", () => {
    const engine = create();
    const length = 1 << 20;
    const address = engine.allocator.allocate(length);
    engine.kernels.fill(length, 2, address);
    expect(engine.kernels.sum(length, address)).toBe(2 * length);
  });

  it("frees a parameter's memory, packed forms and all, once the parameter can't be reached", async () => {
    const engine = create();
    const before = engine.allocator.used;
    const use = () => {
      const parameter = new Parameter(engine, "weight", [100, 100], () => new Float32Array(10_000));
      return [parameter.packed(true), parameter.packed(false)];
    };
    for (let i = 0; i < 10; i++) use();
    expect(engine.allocator.used).toBeGreaterThanOrEqual(before + 10 * 30_000);
    await collectUntil(() => engine.allocator.used === before);
    expect(engine.allocator.used).toBe(before);
  });

  it("keeps a parameter's memory as long as the parameter can be reached", async () => {
    const engine = create();
    const parameter = new Parameter(engine, "weight", [3], () => [1, 2, 3]);
    parameter.read();
    const makeAnother = () => void new Parameter(engine, "weight", [3], () => [7, 8, 9]).read();
    makeAnother();
    const used = engine.allocator.used;
    await collectUntil(() => engine.allocator.used < used);
    expect(engine.allocator.used).toBeLessThan(used);
    makeAnother();
    expect(parameter.read().toArray()).toEqual([1, 2, 3]);
  });

  it("50 networks made, used and dropped one after another leave no more memory than the first did", async () => {
    const engine = create();
    const useOne = (seed: number) =>
      withEngine(engine, () => {
        const network = sequential([lstm({ inputSize: 4, units: 16, returnSequences: true }), dense({ units: 2 })], { seed });
        const x = tensor(new Float32Array(2 * 3 * 4).fill(0.5), [2, 3, 4]);
        return valueAndGradients(network.parameters, () => sum(square(network.apply(x)))).value;
      });
    useOne(0);
    await collectUntil(() => engine.allocator.used <= 1 << 17);
    const used = engine.allocator.used;
    for (let seed = 1; seed < 50; seed++) useOne(seed);
    expect(engine.allocator.used).toBeGreaterThan(used);
    await collectUntil(() => engine.allocator.used <= used);
    expect(engine.allocator.used).toBeLessThanOrEqual(used);
  });

  it("an engine that can't be reached is collected with its memory, though it had parameters", async () => {
    const make = () => {
      const engine = create();
      new Parameter(engine, "weight", [100], () => new Float32Array(100)).read();
      return new WeakRef(engine.memory);
    };
    const memory = make();
    await collectUntil(() => memory.deref() === undefined);
    expect(memory.deref() === undefined).toBe(true);
  });

  it("10,000 calls of an op, an evaluation and a step without await leave memory where 100 did", () => {
    const engine = create();
    const w = new Parameter(engine, "w", [10], () => new Float32Array(10).fill(1));
    withEngine(engine, () => {
      const call = () => {
        square([1, 2, 3]);
        evaluate(() => sum(square(w)));
        valueAndGradients([w], () => sum(square(w)));
      };
      for (let i = 0; i < 100; i++) call();
      const [used, bytes] = [engine.allocator.used, engine.memory.elements.byteLength];
      for (let i = 0; i < 10_000; i++) call();
      expect([engine.allocator.used, engine.memory.elements.byteLength]).toEqual([used, bytes]);
    });
  });
});

describe.each(wasmEngines)("full memory, $name engine", ({ name }) => {
  const build = name as "baseline" | "relaxed";

  it("is a typed error in the middle of a step, and the engine goes on with what fits", () => {
    const engine = wasmEngine(build, { maximumPages: 32 });
    const w = new Parameter(engine, "w", [1000], () => new Float32Array(1000).fill(1));
    const step = (size: number) => valueAndGradients([w], () => sum(square(tensor(new Float32Array(size).fill(1)))));
    expect(step(1000).value).toBe(1000);
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(() => step(1_000_000)).toThrow(
        expect.objectContaining({ code: "UNROLLED_MEMORY", message: expect.stringContaining("the host gives no more") }),
      );
    }
    expect(step(10_000).value).toBe(10_000);
    expect(w.read().toArray()).toEqual(Array(1000).fill(1));
  });

  it("caught inside of a step leaves that step usable", () => {
    const engine = wasmEngine(build, { maximumPages: 32 });
    const result = withEngine(engine, () =>
      evaluate(() => {
        const before = square([1, 2]);
        expect(() => square(tensor(new Float32Array(1_000_000)))).toThrow(expect.objectContaining({ code: "UNROLLED_MEMORY" }));
        const after = Array.from({ length: 50 }, (_, i) => square([i]));
        return { before, after: after.map((y) => y.item()) };
      }),
    );
    expect(result.before.toArray()).toEqual([1, 4]);
    expect(result.after).toEqual(Array.from({ length: 50 }, (_, i) => i * i));
  });

  it("is no hindrance to other engines", () => {
    const [full, other] = [wasmEngine(build, { maximumPages: 2 }), wasmEngine(build)];
    expect(() => full.allocator.allocate(100_000)).toThrow(expect.objectContaining({ code: "UNROLLED_MEMORY" }));
    expect(other.allocator.allocate(100_000)).toBeGreaterThan(0);
  });
});

describe("several engines in one process", () => {
  it("compute side by side, each in its own precision, and their results meet", () => {
    const all = [...engines.map(({ create }) => create()), referenceEngine("float64")];
    const third = (engine: (typeof all)[number]) =>
      withEngine(engine, () => evaluate(() => square(tensor(Float64Array.of(1 / 3)))));
    const results = all.map((engine) => third(engine));
    expect(results.map(({ dtype }) => dtype)).toEqual([...engines.map(() => "float32"), "float64"]);
    for (const result of results.slice(0, -1)) expect(result.item()).toBe(Math.fround(Math.fround(1 / 3) ** 2));
    expect(results.at(-1)?.item()).toBe((1 / 3) ** 2);
  });

  it.each(wasmEngines)("$name: 40 of them at once", ({ create }) => {
    const many = Array.from({ length: 40 }, create);
    const results = many.map((engine, index) => withEngine(engine, () => square([index]).item()));
    expect(results).toEqual(many.map((_, index) => index ** 2));
  });
});
