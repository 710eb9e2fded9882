import { describe, expect, it } from "vitest";
import { ArrayMemory } from "./array-memory.js";
import type { Memory } from "./memory.js";
import { WasmMemory } from "./wasm-memory.js";

const MEMORIES: { name: string; create: () => Memory }[] = [
  { name: "ArrayMemory in float32", create: () => new ArrayMemory("float32") },
  { name: "ArrayMemory in float64", create: () => new ArrayMemory("float64") },
  { name: "WasmMemory", create: () => new WasmMemory() },
];

describe.each(MEMORIES)("$name", ({ create }) => {
  it("grows to at least what is asked for and keeps what it holds", () => {
    const memory = create();
    memory.grow(100);
    memory.elements.set([1, 2, 3], 97);
    memory.grow(100_000);
    expect(memory.elements.length).toBeGreaterThanOrEqual(100_000);
    expect([...memory.elements.slice(97, 100)]).toEqual([1, 2, 3]);
    memory.elements[99_999] = 4;
    expect(memory.elements[99_999]).toBe(4);
  });

  it("never shrinks", () => {
    const memory = create();
    memory.grow(100_000);
    memory.grow(10);
    expect(memory.elements.length).toBeGreaterThanOrEqual(100_000);
  });

  it("says that the host has no room, how much was wanted, and what to do", () => {
    const memory = create();
    expect(() => memory.grow(2 ** 40)).toThrow(
      expect.objectContaining({
        name: "UnrolledError",
        code: "UNROLLED_MEMORY",
        message: expect.stringMatching(/^engine memory: \d+ (MiB|numbers) are needed.*; use a smaller batch/),
        cause: expect.any(RangeError),
      }),
    );
    memory.grow(1000);
    expect(memory.elements.length).toBeGreaterThanOrEqual(1000);
  });
});

describe("indices", () => {
  it("are numbers in ArrayMemory", () => {
    const memory = new ArrayMemory("float64");
    memory.grow(10);
    memory.writeIndices([3, 2 ** 31 - 1], 4);
    expect([...memory.elements.slice(4, 6)]).toEqual([3, 2 ** 31 - 1]);
  });

  it("are 32-bit integers in WasmMemory, from typed arrays of any kind", () => {
    const memory = new WasmMemory();
    memory.grow(100_000);
    memory.writeIndices(Float64Array.of(3, 2 ** 31 - 1), 4);
    memory.writeIndices(Int32Array.of(5), 99_000);
    const integers = new Int32Array(memory.memory.buffer);
    expect([integers[4], integers[5], integers[99_000]]).toEqual([3, 2 ** 31 - 1, 5]);
  });
});

describe("WasmMemory", () => {
  it("is full at its maximum, and says how much is needed and in use", () => {
    const memory = new WasmMemory(32);
    memory.grow(16 * 16384);
    const message =
      "engine memory: 4 MiB are needed, 1 MiB are in use and the host gives no more; " +
      "use a smaller batch, shorter sequences or fewer units.";
    expect(() => memory.grow(2 ** 20)).toThrow(expect.objectContaining({ code: "UNROLLED_MEMORY", message }));
    memory.grow(32 * 16384);
    expect(memory.elements.length).toBe(32 * 16384);
  });

  it("is shared, so that threads can work on it", () => {
    expect(new WasmMemory().memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});
