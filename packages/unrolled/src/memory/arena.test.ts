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

  it("gives a step the addresses of the same step before, whatever was allocated or done in between", () => {
    const { arena, allocator } = create();
    const step = (blocks: number, between: () => void) => {
      const mark = arena.mark();
      const addresses = Array.from({ length: blocks }, () => {
        between();
        return arena.allocate(LARGE);
      });
      arena.release(mark);
      return addresses;
    };
    const first = step(6, () => void allocator.allocate(16));
    const used = allocator.used;
    step(2, () => {});
    expect(step(6, () => {})).toEqual(first);
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

  it("takes no more than a block needs where memory has no room for a larger chunk", () => {
    // the second chunk would be 262,144 elements, and memory has 278,528
    const memory = new WasmMemory(17);
    const arena = new Arena(new Allocator(memory, 0));
    arena.allocate(60_000);
    const address = arena.allocate(100_000);
    memory.elements.fill(1, address, address + 100_000);
    expect(memory.elements[address + 99_999]).toBe(1);
  });
});
