import { describe, expect, it } from "vitest";
import { referenceEngine } from "../../src/engine/reference-engine.js";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, runKernel } from "../testing/run-kernel.js";
import { slopesOf } from "../testing/slopes-of.js";

const ROWS = [0, 1, 3];
const UNITS = [1, 3, 4, 5, 8, 17];

function blocksOf(rows: number, units: number) {
  const size = rows * units;
  return {
    gates: numbers(2 * size, 1).map((value) => value / 2),
    value: numbers(size, 2),
    product: numbers(size, 3),
    candidate: numbers(size, 4).map((value) => value / 2),
    hPrevious: numbers(size, 5),
    h: numbers(size, 6),
    dValue: numbers(size, 7),
  };
}

describe.each(engines)("gru variant, $name engine", ({ create }) => {
  const engine = create();

  it("gruVariantGates: r and z, and what r⊙value is added to, as in float64 to 1e-6", () => {
    eachSize((rows, units) => {
      const difference = differenceFromReference(engine, blocksOf(rows, units), (kernels, a) =>
        kernels.gruVariantGates(rows, units, a.gates, a.value, a.product),
      );
      expect(difference, `[${rows}, ${units}]`).toBeLessThan(1e-6);
    });
  });

  it("gruVariantHidden: n and h as in float64 to 1e-6", () => {
    eachSize((rows, units) => {
      const difference = differenceFromReference(engine, blocksOf(rows, units), (kernels, a) =>
        kernels.gruVariantHidden(rows, units, a.gates, a.candidate, a.hPrevious, a.h),
      );
      expect(difference, `[${rows}, ${units}]`).toBeLessThan(1e-6);
    });
  });

  it("gruVariantHiddenBackward: derivatives by z, n and h' as in float64 to 1e-6", () => {
    eachSize((rows, units) => {
      const difference = differenceFromReference(engine, blocksOf(rows, units), (kernels, a) =>
        kernels.gruVariantHiddenBackward(rows, units, a.gates, a.candidate, a.hPrevious, a.h),
      );
      expect(difference, `[${rows}, ${units}]`).toBeLessThan(1e-6);
    });
  });

  it("gruVariantGatesBackward: derivatives by r and by the value as in float64 to 1e-6", () => {
    eachSize((rows, units) => {
      const difference = differenceFromReference(engine, blocksOf(rows, units), (kernels, a) =>
        kernels.gruVariantGatesBackward(rows, units, a.gates, a.value, a.product, a.dValue),
      );
      expect(difference, `[${rows}, ${units}]`).toBeLessThan(1e-6);
    });
  });

  it("gruVariantHiddenBackward: a derivative by h below 1e-25 counts as 0, above it doesn't, and NaN stays", () => {
    const units = 5;
    const derivatives = (dh: number) => {
      const gates = numbers(2 * units, 1).map((value) => value / 8 + 0.5);
      const blocks = { ...blocksOf(1, units), gates, h: new Float32Array(units).fill(dh) };
      const { after } = runKernel(engine, blocks, (kernels, a) =>
        kernels.gruVariantHiddenBackward(1, units, a.gates, a.candidate, a.hPrevious, a.h),
      );
      return [...after.gates.slice(units), ...after.candidate, ...after.h];
    };
    expect(derivatives(-9e-26).every((derivative) => derivative === 0)).toBe(true);
    expect(derivatives(4e-25).every((derivative) => derivative !== 0)).toBe(true);
    expect(derivatives(Number.NaN).every(Number.isNaN)).toBe(true);
  });

  it("a row has the same bits whether computed alone or among others", () => {
    const [rows, units] = [5, 7];
    const [whole, alone] = [rows, 1].map((count) =>
      runKernel(engine, blocksOf(rows, units), (kernels, a) => {
        for (let row = 0; row < rows; row += count) {
          const at = row * units;
          const gates = a.gates + 2 * at;
          kernels.gruVariantGates(count, units, gates, a.value + at, a.product + at);
          kernels.gruVariantHidden(count, units, gates, a.candidate + at, a.hPrevious + at, a.h + at);
          kernels.gruVariantHiddenBackward(count, units, gates, a.candidate + at, a.hPrevious + at, a.h + at);
          kernels.gruVariantGatesBackward(count, units, gates, a.value + at, a.product + at, a.dValue + at);
        }
      }),
    );
    expect(alone).toEqual(whole);
  });
});

describe("gru variant, float64 reference", () => {
  it("the way back is the derivative of the way there by finite differences", () => {
    const { kernels, memory } = referenceEngine("float64");
    memory.grow(1000);
    const [rows, units] = [2, 3];
    const size = rows * units;
    const [gates, candidate, hPrevious, value, h, dh, dValue] = [100, 200, 300, 400, 500, 600, 700] as const;
    const inputs = Float64Array.from(numbers(5 * size, 1));
    const weights = numbers(size, 2);
    // n = tanh(a_n + r⊙value): the candidate's pre-activation is what r⊙value is added to
    const place = () => {
      memory.elements.set(inputs.subarray(0, 2 * size), gates);
      memory.elements.set(inputs.subarray(2 * size, 3 * size), candidate);
      memory.elements.set(inputs.subarray(3 * size, 4 * size), hPrevious);
      memory.elements.set(inputs.subarray(4 * size), value);
      kernels.gruVariantGates(rows, units, gates, value, candidate);
      kernels.gruVariantHidden(rows, units, gates, candidate, hPrevious, h);
    };
    const differences = slopesOf(inputs, () => {
      place();
      return weights.reduce((loss, weight, i) => loss + weight * (memory.elements[h + i] as number), 0);
    });

    place();
    memory.elements.set(weights, dh);
    kernels.gruVariantHiddenBackward(rows, units, gates, candidate, hPrevious, dh);
    kernels.gruVariantGatesBackward(rows, units, gates, value, candidate, dValue);
    const slopes = [gates, gates + size, candidate, dh, dValue].flatMap((from) => [...memory.elements.slice(from, from + size)]);
    expect(Math.max(...differences.map((difference, i) => Math.abs(difference - (slopes[i] as number))))).toBeLessThan(1e-8);
  });
});

function eachSize(check: (rows: number, units: number) => void): void {
  for (const rows of ROWS) for (const units of UNITS) check(rows, units);
}
