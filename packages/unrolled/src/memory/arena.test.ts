import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Allocator } from "./allocator.js";
import { Arena } from "./arena.js";
import { ArrayMemory } from "./array-memory.js";
import { WasmMemory } from "./wasm-memory.js";

function create() {
  const memory = new ArrayMemory("float32");
  const allocator = new Allocator(memory, 0);
  return { memory, allocator, arena: new Arena(allocator) };
}

/** More than the arena's first chunk takes. */
const LARGE = 100_000;

describe("Arena", () => {
  it("hands out blocks that never overlap while they are held, whatever is marked and released", () => {
    const actions = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.record({ allocate: fc.integer({ min: 1, max: 60_000 }) }) },
        { weight: 2, arbitrary: fc.record({ allocate: fc.integer({ min: 100_000, max: 300_000 }) }) },
        { weight: 2, arbitrary: fc.constant("mark" as const) },
        { weight: 2, arbitrary: fc.constant("release" as const) },
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(actions, (steps) => {
        const { arena, memory } = create();
        const marks = [{ mark: arena.mark(), held: 0 }];
        const blocks: { address: number; length: number }[] = [];
        for (const step of steps) {
          if (step === "mark") {
            marks.push({ mark: arena.mark(), held: blocks.length });
          } else if (step === "release") {
            const { mark, held } = (marks.length > 1 ? marks.pop() : marks[0]) as { mark: number; held: number };
            arena.release(mark);
            blocks.length = held;
          } else {
            const [address, length] = [arena.allocate(step.allocate), step.allocate];
            expect(address).toBeGreaterThan(0);
            expect(address + length).toBeLessThanOrEqual(memory.elements.length);
            for (const other of blocks) {
              expect(address + length <= other.address || other.address + other.length <= address).toBe(true);
            }
            blocks.push({ address, length });
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("hands out the same memory again after a release", () => {
    const { arena } = create();
    const outer = arena.allocate(100);
    const mark = arena.mark();
    const inner = arena.allocate(100);
    arena.release(mark);
    expect(arena.allocate(50)).toBe(inner);
    expect(inner).toBeGreaterThan(outer);
  });

  it("becomes one chunk after a step that needed several, so that the next steps get one stretch of memory", () => {
    const { arena, allocator } = create();
    const step = (between: () => void) => {
      const mark = arena.mark();
      const addresses = Array.from({ length: 6 }, () => {
        between();
        return arena.allocate(LARGE);
      });
      arena.release(mark);
      return addresses;
    };
    // What outlives the step lies between its chunks.
    step(() => void allocator.allocate(16));
    const used = allocator.used;
    const addresses = step(() => {});
    expect(addresses).toEqual(addresses.map((_, i) => (addresses[0] as number) + i * LARGE));
    expect(allocator.used).toBe(used);
  });

  it("doesn't grow after the largest step was seen, whatever the order of steps", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const { arena, memory, allocator } = create();
        const step = (blocks: number) => {
          const mark = arena.mark();
          for (let i = 0; i < blocks; i++) arena.allocate(30_000);
          arena.release(mark);
        };
        for (let round = 0; round < 2; round++) step(8);
        const [length, used] = [memory.elements.length, allocator.used];
        for (const blocks of sizes) step(blocks);
        expect([memory.elements.length, allocator.used]).toEqual([length, used]);
      }),
      { numRuns: 30 },
    );
  });

  it("holds no memory but its own: what is freed from between its chunks is free, and the next step takes no more", () => {
    const { arena, allocator } = create();
    const mark = arena.mark();
    arena.allocate(LARGE);
    const parameter = allocator.allocate(1000);
    arena.allocate(LARGE);
    arena.release(mark);
    const used = allocator.used;
    allocator.free(parameter);
    arena.allocate(2 * LARGE);
    expect(allocator.used).toBeLessThan(used);
  });

  it("a block that memory has no room for leaves the arena as it was", () => {
    const memory = new WasmMemory(16);
    const arena = new Arena(new Allocator(memory, 0));
    const before = arena.allocate(100);
    const mark = arena.mark();
    const after = arena.allocate(100);
    arena.release(mark);
    expect(() => arena.allocate(2 ** 24)).toThrow(expect.objectContaining({ code: "UNROLLED_MEMORY" }));
    expect(arena.mark()).toBe(mark);
    expect(arena.allocate(100)).toBe(after);
    expect(after).toBeGreaterThan(before);
  });

  it("a step that memory had room for ends well even where its chunks can't become one", () => {
    // The chunks are 65,536 and 131,072 elements. Between them lies what outlives the step; behind them there is no room for both.
    const memory = new WasmMemory(17);
    const allocator = new Allocator(memory, 0);
    const arena = new Arena(allocator);
    const step = () => {
      const mark = arena.mark();
      arena.allocate(60_000);
      if (allocator.used < 70_000) allocator.allocate(50_000);
      const address = arena.allocate(100_000);
      memory.elements.fill(1, address, address + 100_000);
      arena.release(mark);
    };
    expect(step).not.toThrow();
    expect(step).not.toThrow();
  });
});
