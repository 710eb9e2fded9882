import { describe, expect, it } from "vitest";
import type { Kernels } from "../../src/engine/kernels.js";
import { referenceEngine } from "../../src/engine/reference-engine.js";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, runKernel } from "../testing/run-kernel.js";
import { slopesOf } from "../testing/slopes-of.js";

const ROWS = [0, 1, 3];
const UNITS = [1, 3, 4, 5, 8, 17];

function forwardBlocks(rows: number, units: number) {
  const size = rows * units;
  return {
    gates: numbers(4 * size, 1),
    cPrevious: numbers(size, 2),
    c: numbers(size, 3),
    tanhC: numbers(size, 4),
    h: numbers(size, 5),
  };
}

describe.each(engines)("lstm, $name engine", ({ create }) => {
  const engine = create();

  it("lstmForward: activations, c, tanh c and h as in float64 to 1e-6", () => {
    for (const rows of ROWS) {
      for (const units of UNITS) {
        const difference = differenceFromReference(
          engine,
          forwardBlocks(rows, units),
          (kernels, { gates, cPrevious, c, tanhC, h }) => kernels.lstmForward(rows, units, gates, cPrevious, c, tanhC, h),
        );
        expect(difference, `[${rows}, ${units}]`).toBeLessThan(1e-6);
      }
    }
  });

  it("lstmBackward: derivatives by the gates, by c' and by h' as in float64 to 1e-6", () => {
    for (const rows of ROWS) {
      for (const units of UNITS) {
        const size = rows * units;
        const blocks = {
          gates: numbers(4 * size, 1).map((value) => value / 2),
          cPrevious: numbers(size, 2),
          tanhC: numbers(size, 3).map(Math.tanh),
          dh: numbers(size, 4),
          dc: numbers(size, 5),
        };
        const difference = differenceFromReference(engine, blocks, (kernels, { gates, cPrevious, tanhC, dh, dc }) =>
          kernels.lstmBackward(rows, units, gates, cPrevious, tanhC, dh, dc),
        );
        expect(difference, `[${rows}, ${units}]`).toBeLessThan(1e-6);
      }
    }
  });

  it("lstmBackward: derivatives by h and c below 1e-25 count as 0, above they don't, and NaN stays", () => {
    const units = 13;
    const derivatives = (dh: number, dc: number) => {
      const blocks = {
        gates: numbers(4 * units, 1).map((value) => value / 8 + 0.5),
        cPrevious: numbers(units, 2),
        tanhC: numbers(units, 3).map(Math.tanh),
        dh: new Float32Array(units).fill(dh),
        dc: new Float32Array(units).fill(dc),
      };
      const { after } = runKernel(engine, blocks, (kernels, { gates, cPrevious, tanhC, dh, dc }) =>
        kernels.lstmBackward(1, units, gates, cPrevious, tanhC, dh, dc),
      );
      return [...after.gates, ...after.dc];
    };
    expect(derivatives(9e-26, -9e-26).every((derivative) => derivative === 0)).toBe(true);
    expect(derivatives(-1e-40, 0).every((derivative) => derivative === 0)).toBe(true);
    expect(derivatives(4e-25, 4e-25).every((derivative) => derivative !== 0)).toBe(true);
    expect(derivatives(Number.NaN, 0).every(Number.isNaN)).toBe(true);
  });

  it("lstmBackward: a gradient that vanishes over 300 steps ends as 0 and is never subnormal, so that it never slows down", () => {
    const units = 24;
    const blocks = {
      activations: numbers(4 * units, 1).map((value) => value / 8 + 0.5),
      gates: new Float32Array(4 * units),
      cPrevious: numbers(units, 2),
      tanhC: numbers(units, 3).map(Math.tanh),
      weight: numbers(4 * units * units, 4).map((value) => value / 40),
      dh: numbers(units, 5),
      dc: numbers(units, 6),
      packed: (kernels: Kernels) => kernels.packedLength(4 * units, units),
    };
    const subnormal = (value: number) => value !== 0 && Math.abs(value) < 2 ** -126;
    const seen: number[] = [];
    const { after } = runKernel(engine, blocks, (kernels, { activations, gates, cPrevious, tanhC, weight, dh, dc, packed }) => {
      kernels.pack(4 * units, units, weight, units, false, packed);
      for (let step = 0; step < 300; step++) {
        kernels.copyRows(1, 4 * units, activations, 4 * units, gates, 4 * units);
        kernels.lstmBackward(1, units, gates, cPrevious, tanhC, dh, dc);
        kernels.multiplyPacked(1, units, 4 * units, gates, 4 * units, packed, dh, units, dh, units);
        seen.push(...engine.read(gates, 4 * units), ...engine.read(dh, units), ...engine.read(dc, units));
      }
    });
    expect(seen.filter(subnormal)).toEqual([]);
    expect([...after.gates, ...after.dh, ...after.dc].every((value) => value === 0)).toBe(true);
  });

  it("lstmForward: a row has the same bits whether computed alone or among others", () => {
    const [rows, units] = [5, 7];
    const whole = runKernel(engine, forwardBlocks(rows, units), (kernels, { gates, cPrevious, c, tanhC, h }) =>
      kernels.lstmForward(rows, units, gates, cPrevious, c, tanhC, h),
    );
    const alone = runKernel(engine, forwardBlocks(rows, units), (kernels, { gates, cPrevious, c, tanhC, h }) => {
      for (let row = 0; row < rows; row++) {
        const at = row * units;
        kernels.lstmForward(1, units, gates + 4 * at, cPrevious + at, c + at, tanhC + at, h + at);
      }
    });
    expect(alone).toEqual(whole);
  });
});

describe("lstm, float64 reference", () => {
  it("lstmBackward: is the derivative of lstmForward by finite differences", () => {
    const { kernels, memory } = referenceEngine("float64");
    memory.grow(1000);
    const [rows, units] = [2, 3];
    const size = rows * units;
    const [gates, cPrevious, c, tanhC, h, dh, dc] = [100, 200, 300, 400, 500, 600, 700] as const;
    const inputs = Float64Array.from(numbers(5 * size, 1));
    const weights = numbers(2 * size, 2);
    const place = () => {
      memory.elements.set(inputs.subarray(0, 4 * size), gates);
      memory.elements.set(inputs.subarray(4 * size), cPrevious);
      kernels.lstmForward(rows, units, gates, cPrevious, c, tanhC, h);
    };
    const differences = slopesOf(inputs, () => {
      place();
      let loss = 0;
      for (let i = 0; i < size; i++) {
        loss += (weights[i] as number) * (memory.elements[h + i] as number);
        loss += (weights[size + i] as number) * (memory.elements[c + i] as number);
      }
      return loss;
    });
    place();
    memory.elements.set(weights.subarray(0, size), dh);
    memory.elements.set(weights.subarray(size), dc);
    kernels.lstmBackward(rows, units, gates, cPrevious, tanhC, dh, dc);
    const slopes = [...memory.elements.slice(gates, gates + 4 * size), ...memory.elements.slice(dc, dc + size)];
    expect(Math.max(...differences.map((difference, i) => Math.abs(difference - (slopes[i] as number))))).toBeLessThan(1e-8);
    expect([...memory.elements.slice(dh, dh + size)]).toEqual(Array(size).fill(0));
  });
});
