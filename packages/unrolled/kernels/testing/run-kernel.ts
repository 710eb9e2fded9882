import type { Engine } from "../../src/engine/engine.js";
import type { Kernels } from "../../src/engine/kernels.js";
import { referenceEngine } from "../../src/engine/reference-engine.js";
import type { Address } from "../../src/memory/memory.js";

/** What a kernel is given: numbers, indices, or scratch of a length that the engine says. */
type Block = Float32Array | Int32Array | ((kernels: Kernels) => number);
type Blocks = Readonly<Record<string, Block>>;
type Addresses<B extends Blocks> = { readonly [K in keyof B]: Address };

interface Outcome<B extends Blocks> {
  /** Every block's contents afterwards; scratch is left out. */
  readonly after: { readonly [K in keyof B]: number[] };
  /** What the kernel returned. */
  readonly returned: unknown;
}

/** Elements between two blocks; odd, so that blocks begin at every offset within a vector. */
const GUARD = 5;

/**
 * Runs kernels over blocks of an engine's memory that stand at odd places.
 *
 * @throws {Error} where a kernel wrote past the beginning or the end of a block
 */
export function runKernel<B extends Blocks>(
  engine: Engine,
  blocks: B,
  work: (kernels: Kernels, addresses: Addresses<B>) => unknown,
): Outcome<B> {
  const { kernels, memory, arena } = engine;
  const lengths = Object.entries(blocks).map(([name, block]) => {
    return [name, typeof block === "function" ? block(kernels) : block.length] as const;
  });
  const total = lengths.reduce((sum, [, length]) => sum + length + GUARD, GUARD);
  const mark = arena.mark();
  const first = arena.allocate(total);
  const guards = Float32Array.from({ length: total }, (_, i) => 1000 + i);
  engine.write(guards, first);
  const addresses: Record<string, Address> = {};
  let next = first + GUARD;
  for (const [name, length] of lengths) {
    addresses[name] = next;
    const block = blocks[name];
    if (block instanceof Int32Array) memory.writeIndices(block, next);
    else if (block instanceof Float32Array) engine.write(block, next);
    next += length + GUARD;
  }

  const returned = work(kernels, addresses as Addresses<B>);

  const isInside = new Uint8Array(total);
  for (const [name, length] of lengths) {
    const from = (addresses[name] as Address) - first;
    isInside.fill(1, from, from + length);
  }
  const touched = guards.findIndex((guard, i) => isInside[i] === 0 && memory.elements[first + i] !== guard);
  if (touched >= 0)
    throw new Error(`a kernel wrote outside of its blocks, at element ${touched} of ${JSON.stringify(addresses)}`);
  const after = lengths
    .filter(([name]) => typeof blocks[name] !== "function")
    .map(([name, length]) => {
      const values = engine.read(addresses[name] as Address, length);
      // In Wasm memory indices are 32-bit integers, in the reference engine's numbers.
      const isInteger = blocks[name] instanceof Int32Array && engine.name !== "reference";
      return [name, Array.from(isInteger ? new Int32Array(values.buffer) : values)];
    });
  arena.release(mark);
  return { after: Object.fromEntries(after), returned };
}

const oracle = referenceEngine("float64");

/**
 * Runs the same on an engine and on the float64 reference, and gives the largest difference of any number of any block afterwards (and
 * of what is returned), |actual − exact| / max(1, |exact|).
 */
export function differenceFromReference<B extends Blocks>(
  engine: Engine,
  blocks: B,
  work: (kernels: Kernels, addresses: Addresses<B>) => unknown,
): number {
  const actual = runKernel(engine, blocks, work);
  const exact = runKernel(oracle, blocks, work);
  let largest = typeof exact.returned === "number" ? difference(actual.returned as number, exact.returned) : 0;
  for (const [name, values] of Object.entries(exact.after)) {
    values.forEach((value, i) => {
      largest = Math.max(largest, difference(actual.after[name]?.[i] as number, value));
    });
  }
  return largest;
}

function difference(actual: number, exact: number): number {
  if (Object.is(actual, exact) || actual === exact) return 0;
  const error = Math.abs(actual - exact) / Math.max(1, Math.abs(exact));
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}

/** Lengths at which there are no, some and many whole vectors, with every rest. */
export const LENGTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 17, 64, 67];
