import { afterEach, describe, expect, it, vi } from "vitest";
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

describe("WasmMemory on a host with few addresses", () => {
  function pretendHost(mostPages: number): void {
    class SmallMemory extends WebAssembly.Memory {
      constructor(descriptor: WebAssembly.MemoryDescriptor) {
        if ((descriptor.maximum ?? 0) > mostPages) throw new RangeError("WebAssembly.Memory(): could not allocate memory");
        super(descriptor);
      }
    }
    vi.stubGlobal("WebAssembly", Object.assign(Object.create(WebAssembly), { Memory: SmallMemory }));
  }

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("takes a lower maximum, and is full there", () => {
    pretendHost(3000);
    const memory = new WasmMemory();
    memory.grow(2048 * 16384);
    expect(memory.elements.length).toBe(2048 * 16384);
    expect(() => memory.grow(2048 * 16384 + 1)).toThrow(expect.objectContaining({ code: "UNROLLED_MEMORY" }));
  });

  it("says so where there is not even room for the least", () => {
    pretendHost(10);
    const message =
      "engine memory: the host has no room for even 16 MiB; close what takes its memory, or raise the process's limit.";
    expect(() => new WasmMemory()).toThrow(
      expect.objectContaining({ code: "UNROLLED_MEMORY", message, cause: expect.any(RangeError) }),
    );
  });
});
