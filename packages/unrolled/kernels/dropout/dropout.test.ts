import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { philox } from "../random/philox-reference.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS, runKernel } from "../testing/run-kernel.js";

/** Keys and draws in which every bit of every word occurs. */
const DRAWS = [
  { k0: 0, k1: 0, c1: 0, c2: 0 },
  { k0: 0xffffffff, k1: 0xffffffff, c1: 0xffffffff, c2: 0xffffffff },
  { k0: 0xa4093822, k1: 0x299f31d0, c1: 0x85a308d3, c2: 0x13198a2e },
];
const ROWS = 1000;

describe.each(engines)("dropout, $name engine", ({ create }) => {
  const engine = create();

  function factors(length: number, rate: number, { k0, k1, c1, c2 } = DRAWS[2] as (typeof DRAWS)[number]): number[] {
    const blocks = { x: new Float32Array(length).fill(1), y: new Float32Array(length) };
    return runKernel(engine, blocks, (kernels, { x, y }) => kernels.dropout(length, 0, rate, k0, k1, c1, c2, x, y)).after.y;
  }

  it.each(DRAWS)("dropout: keeps the elements that Philox says, key $k0 $k1, draw $c1 $c2", (draw) => {
    const { k0, k1, c1, c2 } = draw;
    const kept = factors(ROWS, 0.4, draw).map((factor) => factor > 0);
    const expected = Array.from({ length: ROWS }, (_, n) => {
      const word = philox([n >>> 2, c1, c2, 0], [k0, k1])[n & 3] as number;
      return (word >>> 8) / 2 ** 24 >= Math.fround(0.4);
    });
    expect(kept).toEqual(expected);
  });

  it("dropout: an element whose uniform number is the rate itself is kept, at rate 0 so every one", () => {
    const word = philox([0, 3, 4, 0], [1, 2])[0];
    const rate = (word >>> 8) / 2 ** 24;
    expect(factors(1, rate, { k0: 1, k1: 2, c1: 3, c2: 4 })[0]).toBeGreaterThan(0);
    expect(factors(1, rate + 2 ** -24, { k0: 1, k1: 2, c1: 3, c2: 4 })).toEqual([0]);
  });

  it("dropout: a kept element is divided by 1 − rate, whatever the length", () => {
    for (const length of LENGTHS) {
      const blocks = { x: numbers(length, 1), y: numbers(length, 2) };
      const difference = differenceFromReference(engine, blocks, (kernels, { x, y }) =>
        kernels.dropout(length, 0, 0.3, 11, 12, 13, 14, x, y),
      );
      expect(difference, `${length} elements`).toBeLessThan(3e-7);
    }
  });

  it.each([0.1, 0.5, 0.9])("dropout: of 100,000 elements a share of %d is dropped, to four standard deviations", (rate) => {
    const length = 100_000;
    const dropped = factors(length, rate).filter((factor) => factor === 0).length;
    expect(Math.abs(dropped / length - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / length));
  });

  it("dropout: rate 0 changes nothing", () => {
    const blocks = { x: numbers(67), y: new Float32Array(67) };
    const { after } = runKernel(engine, blocks, (kernels, { x, y }) => kernels.dropout(67, 0, 0, 1, 2, 3, 4, x, y));
    expect(after.y).toEqual(Array.from(blocks.x));
  });

  it("dropout: another key, draw or stream is another mask", () => {
    const draw = { k0: 1, k1: 2, c1: 3, c2: 4 };
    const mask = factors(ROWS, 0.5, draw);
    for (const name of ["k0", "k1", "c1", "c2"] as const) {
      const differing = factors(ROWS, 0.5, { ...draw, [name]: draw[name] + 1 }).filter((factor, n) => factor !== mask[n]).length;
      expect(Math.abs(differing - ROWS / 2), name).toBeLessThan(80);
    }
  });

  it("dropoutBackward: adds dy through the very mask of the way there", () => {
    for (const length of LENGTHS) {
      const { dy, dx } = { dy: numbers(length, 1), dx: numbers(length, 2) };
      const mask = factors(length, 0.25);
      const { k0, k1, c1, c2 } = DRAWS[2] as (typeof DRAWS)[number];
      const { after } = runKernel(engine, { dy, dx }, (kernels, addresses) =>
        kernels.dropoutBackward(length, 0, 0.25, k0, k1, c1, c2, addresses.dy, addresses.dx),
      );
      mask.forEach((factor, n) => {
        expect(after.dx[n]).toBeCloseTo((dx[n] as number) + factor * (dy[n] as number), 5);
      });
    }
  });
});
