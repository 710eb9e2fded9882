import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Allocator } from "./allocator.js";
import { ArrayMemory } from "./array-memory.js";

/** Blocks are whole cache lines of this many elements. */
const ALIGNMENT = 16;

function create(reserved = 0): { allocator: Allocator; memory: ArrayMemory } {
  const memory = new ArrayMemory("float32");
  return { allocator: new Allocator(memory, reserved), memory };
}

/** A length to allocate, or which of the blocks at hand to free. */
const actions = fc.array(fc.oneof(fc.record({ allocate: fc.nat(300) }), fc.record({ free: fc.nat() })), { maxLength: 120 });

describe("Allocator", () => {
  it("hands out aligned blocks that never overlap, lie inside memory and past what is reserved", () => {
    fc.assert(
      fc.property(actions, fc.nat(100), (steps, reserved) => {
        const { allocator, memory } = create(reserved);
        const blocks: { address: number; length: number }[] = [];
        for (const step of steps) {
          if ("free" in step) {
            const [block] = blocks.splice(step.free % Math.max(1, blocks.length), 1);
            if (block) allocator.free(block.address);
            continue;
          }
          const address = allocator.allocate(step.allocate);
          const length = Math.max(1, step.allocate);
          expect(address % ALIGNMENT).toBe(0);
          expect(address).toBeGreaterThanOrEqual(Math.max(1, reserved));
          expect(address + length).toBeLessThanOrEqual(memory.elements.length);
          for (const other of blocks) {
            expect(address + length <= other.address || other.address + other.length <= address).toBe(true);
          }
          blocks.push({ address, length });
        }
      }),
    );
  });

  it("counts what is handed out, in whole cache lines, and nothing once all is freed", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300)), (lengths) => {
        const { allocator } = create();
        const addresses = lengths.map((length) => allocator.allocate(length));
        const lines = lengths.map((length) => Math.max(1, Math.ceil(length / ALIGNMENT)));
        expect(allocator.used).toBe(ALIGNMENT * lines.reduce((sum, count) => sum + count, 0));
        for (const address of addresses) allocator.free(address);
        expect(allocator.used).toBe(0);
      }),
    );
  });

  it("merges what is freed, in any order: afterwards one block of all of it fits in the same memory", () => {
    const orders = fc
      .array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 })
      .chain((lengths) =>
        fc.tuple(fc.constant(lengths), fc.shuffledSubarray([...lengths.keys()], { minLength: lengths.length })),
      );
    fc.assert(
      fc.property(orders, ([lengths, order]) => {
        const { allocator, memory } = create();
        const addresses = lengths.map((length) => allocator.allocate(length));
        const [total, size] = [allocator.used, memory.elements.length];
        for (const index of order) allocator.free(addresses[index] as number);
        expect(allocator.allocate(total)).toBe(addresses[0]);
        expect(memory.elements.length).toBe(size);
      }),
    );
  });

  it("fills a gap between blocks, and its rest, before it takes new memory", () => {
    const { allocator } = create();
    const [, gap, after] = [allocator.allocate(32), allocator.allocate(64), allocator.allocate(32)] as const;
    allocator.free(gap);
    expect(allocator.allocate(48)).toBe(gap);
    expect(allocator.allocate(16)).toBe(gap + 48);
    expect(allocator.allocate(16)).toBeGreaterThan(after);
  });

  it("takes what was freed at the end of its memory into a larger block", () => {
    const { allocator } = create();
    const first = allocator.allocate(32);
    const [second, third] = [allocator.allocate(32), allocator.allocate(32)];
    allocator.free(second);
    allocator.free(third);
    expect(allocator.allocate(1000)).toBe(second);
    expect(second).toBeGreaterThan(first);
  });

  it("doesn't grow however often blocks of mixed lengths are freed and allocated again", () => {
    const { allocator, memory } = create();
    const round = (shift: number) => {
      const addresses = Array.from({ length: 40 }, (_, i) => allocator.allocate(((i * 37 + shift * 11) % 200) + 1));
      // every other one first, so that gaps come about
      for (const parity of [0, 1]) for (const [i, address] of addresses.entries()) if (i % 2 === parity) allocator.free(address);
    };
    for (let shift = 0; shift < 200; shift++) round(shift);
    const size = memory.elements.length;
    for (let shift = 0; shift < 2000; shift++) round(shift);
    expect(memory.elements.length).toBe(size);
    expect(allocator.used).toBe(0);
  });

  it("keeps what is written to a block while memory grows around it", () => {
    const { allocator, memory } = create();
    const address = allocator.allocate(3);
    memory.elements.set([1, 2, 3], address);
    const size = memory.elements.length;
    allocator.allocate(10 * size);
    expect(memory.elements.length).toBeGreaterThan(size);
    expect([...memory.elements.slice(address, address + 3)]).toEqual([1, 2, 3]);
  });

  it("refuses to free what it didn't hand out, and what is free already", () => {
    const { allocator } = create();
    const address = allocator.allocate(10);
    expect(() => allocator.free(address + 1)).toThrow(RangeError);
    allocator.free(address);
    expect(() => allocator.free(address)).toThrow(`allocator: nothing was allocated at ${address}.`);
  });
});
