import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS, runKernel } from "../testing/run-kernel.js";

/** Keys in no order, one of them twice. */
const KEYS = Int32Array.of(3, 0, 5, 3, 1);
const ROWS = KEYS.length;
const [K0, K1, C1, C2] = [0xa4093822, 0x299f31d0, 0x85a308d3, 0x13198a2e] as const;

describe.each(engines)("keyed dropout, $name engine", ({ create }) => {
  const engine = create();

  /** The factors that `dropout` gives to the first elements of the same draw. */
  function factors(length: number): number[] {
    const blocks = { x: new Float32Array(length).fill(1), y: new Float32Array(length) };
    return runKernel(engine, blocks, (kernels, { x, y }) => kernels.dropout(length, 0, 0.4, K0, K1, C1, C2, x, y)).after.y;
  }

  it("addDropout: a row's mask is that of the row of its key in `dropout`, whatever the columns", () => {
    for (const columns of LENGTHS) {
      const blocks = { x: new Float32Array(ROWS * columns).fill(1), keys: KEYS, y: new Float32Array(ROWS * columns) };
      const { after } = runKernel(engine, blocks, (kernels, a) =>
        kernels.addDropout(ROWS, columns, 0.4, K0, K1, C1, C2, a.keys, a.x, a.y),
      );
      const whole = factors(6 * columns);
      expect(after.y, `${columns} columns`).toEqual([...KEYS].flatMap((key) => whole.slice(key * columns, (key + 1) * columns)));
    }
  });

  it("addRowDropout: drops a row as a whole, by the element of its key", () => {
    const whole = factors(6);
    expect(new Set(whole.map((factor) => factor > 0)).size).toBe(2);
    for (const columns of LENGTHS) {
      const blocks = { x: new Float32Array(ROWS * columns).fill(1), keys: KEYS, y: new Float32Array(ROWS * columns) };
      const { after } = runKernel(engine, blocks, (kernels, a) =>
        kernels.addRowDropout(ROWS, columns, 0.4, K0, K1, C1, C2, a.keys, a.x, a.y),
      );
      expect(after.y, `${columns} columns`).toEqual([...KEYS].flatMap((key) => Array(columns).fill(whole[key])));
    }
  });

  it.each(["addDropout", "addRowDropout"] as const)("%s: adds to what is there, as in float64", (kernel) => {
    for (const columns of LENGTHS) {
      const blocks = { x: numbers(ROWS * columns, 1), keys: KEYS, y: numbers(ROWS * columns, 2) };
      const difference = differenceFromReference(engine, blocks, (kernels, a) =>
        kernels[kernel](ROWS, columns, 0.3, K0, K1, C1, C2, a.keys, a.x, a.y),
      );
      expect(difference, `${columns} columns`).toBeLessThan(5e-7);
    }
  });
});
