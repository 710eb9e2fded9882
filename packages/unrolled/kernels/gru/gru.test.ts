import { describe, expect, it } from "vitest";
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
    gates: numbers(3 * size, 1),
    recurrent: numbers(3 * size, 2),
    hPrevious: numbers(size, 3),
    candidate: numbers(size, 4),
    h: numbers(size, 5),
  };
}

describe.each(engines)("gru, $name engine", ({ create }) => {
  const engine = create();

  it("gruForward: activations, the kept candidate and h as in float64 to 1e-6", () => {
    for (const rows of ROWS) {
      for (const units of UNITS) {
        const difference = differenceFromReference(
          engine,
          forwardBlocks(rows, units),
          (kernels, { gates, recurrent, hPrevious, candidate, h }) =>
            kernels.gruForward(rows, units, gates, recurrent, hPrevious, candidate, h),
        );
        expect(difference, `[${rows}, ${units}]`).toBeLessThan(1e-6);
      }
    }
  });

  it("gruBackward: derivatives by both sides of the gates and by h' as in float64 to 1e-6", () => {
    for (const rows of ROWS) {
      for (const units of UNITS) {
        const size = rows * units;
        const blocks = {
          gates: numbers(3 * size, 1).map((value) => value / 2),
          dRecurrent: numbers(3 * size, 2),
          hPrevious: numbers(size, 3),
          candidate: numbers(size, 4),
          dh: numbers(size, 5),
        };
        const difference = differenceFromReference(engine, blocks, (kernels, { gates, dRecurrent, hPrevious, candidate, dh }) =>
          kernels.gruBackward(rows, units, gates, dRecurrent, hPrevious, candidate, dh),
        );
        expect(difference, `[${rows}, ${units}]`).toBeLessThan(1e-6);
      }
    }
  });

  it("gruBackward: a derivative by h below 1e-25 counts as 0, above it doesn't, and NaN stays", () => {
    const units = 13;
    const derivatives = (dh: number) => {
      const blocks = {
        gates: numbers(3 * units, 1).map((value) => value / 8 + 0.5),
        dRecurrent: numbers(3 * units, 2),
        hPrevious: numbers(units, 3),
        candidate: numbers(units, 4),
        dh: new Float32Array(units).fill(dh),
      };
      const { after } = runKernel(engine, blocks, (kernels, { gates, dRecurrent, hPrevious, candidate, dh }) =>
        kernels.gruBackward(1, units, gates, dRecurrent, hPrevious, candidate, dh),
      );
      return [...after.gates, ...after.dRecurrent, ...after.dh];
    };
    expect(derivatives(9e-26).every((derivative) => derivative === 0)).toBe(true);
    expect(derivatives(-1e-40).every((derivative) => derivative === 0)).toBe(true);
    expect(derivatives(4e-25).every((derivative) => derivative !== 0)).toBe(true);
    expect(derivatives(Number.NaN).every(Number.isNaN)).toBe(true);
  });

  it("gruForward: a row has the same bits whether computed alone or among others", () => {
    const [rows, units] = [5, 7];
    const blocks = forwardBlocks(rows, units);
    const whole = runKernel(engine, blocks, (kernels, { gates, recurrent, hPrevious, candidate, h }) =>
      kernels.gruForward(rows, units, gates, recurrent, hPrevious, candidate, h),
    );
    const alone = runKernel(engine, blocks, (kernels, { gates, recurrent, hPrevious, candidate, h }) => {
      for (let row = 0; row < rows; row++) {
        const at = row * units;
        kernels.gruForward(1, units, gates + 3 * at, recurrent + 3 * at, hPrevious + at, candidate + at, h + at);
      }
    });
    expect(alone).toEqual(whole);
  });
});

describe("gru, float64 reference", () => {
  it("gruBackward: is the derivative of gruForward by finite differences", () => {
    const { kernels, memory } = referenceEngine("float64");
    memory.grow(1000);
    const [rows, units] = [2, 3];
    const size = rows * units;
    const [gates, recurrent, hPrevious, candidate, h, dRecurrent, dh] = [100, 200, 300, 400, 500, 600, 700] as const;
    const inputs = Float64Array.from(numbers(7 * size, 1));
    const weights = numbers(size, 2);
    const place = () => {
      memory.elements.set(inputs.subarray(0, 3 * size), gates);
      memory.elements.set(inputs.subarray(3 * size, 6 * size), recurrent);
      memory.elements.set(inputs.subarray(6 * size), hPrevious);
      kernels.gruForward(rows, units, gates, recurrent, hPrevious, candidate, h);
    };
    const differences = slopesOf(inputs, () => {
      place();
      return weights.reduce((loss, weight, i) => loss + weight * (memory.elements[h + i] as number), 0);
    });
    place();
    memory.elements.set(weights, dh);
    kernels.gruBackward(rows, units, gates, dRecurrent, hPrevious, candidate, dh);
    const slopes = [
      ...memory.elements.slice(gates, gates + 3 * size),
      ...memory.elements.slice(dRecurrent, dRecurrent + 3 * size),
      ...memory.elements.slice(dh, dh + size),
    ];
    expect(Math.max(...differences.map((difference, i) => Math.abs(difference - (slopes[i] as number))))).toBeLessThan(1e-8);
  });
});
