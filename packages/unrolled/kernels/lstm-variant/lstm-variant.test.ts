import { describe, expect, it } from "vitest";
import { referenceEngine } from "../../src/engine/reference-engine.js";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, runKernel } from "../testing/run-kernel.js";
import { slopesOf } from "../testing/slopes-of.js";

const ROWS = [0, 1, 3];
const UNITS = [1, 3, 4, 5, 8, 17];
/** Numbers that float32 has, so that a cell state can be at the very limit. */
const LIMITS = [0.5, Number.POSITIVE_INFINITY];

interface Variant {
  readonly coupled: boolean;
  readonly peeping: boolean;
  readonly limit: number;
}

const variants: readonly Variant[] = [false, true].flatMap((coupled) =>
  [false, true].flatMap((peeping) => LIMITS.map((limit) => ({ coupled, peeping, limit }))),
);

function eachSize(check: (rows: number, units: number) => void): void {
  for (const rows of ROWS) for (const units of UNITS) check(rows, units);
}

function forwardBlocks(rows: number, units: number, gates: number) {
  const size = rows * units;
  return {
    gates: numbers(gates * size, 1),
    peepholes: numbers((gates - 1) * units, 2),
    cPrevious: numbers(size, 3),
    c: numbers(size, 4),
    seen: numbers(size, 5),
    tanhC: numbers(size, 6),
    h: numbers(size, 7),
  };
}

describe.each(variants)("lstm variant, coupled $coupled, peepholes $peeping, limit $limit", ({ coupled, peeping, limit }) => {
  const gateCount = coupled ? 3 : 4;

  describe.each(engines)("$name engine", ({ create }) => {
    const engine = create();

    it("lstmVariantCell: activations and c as in float64 to 1e-6", () => {
      eachSize((rows, units) => {
        const difference = differenceFromReference(engine, forwardBlocks(rows, units, gateCount), (kernels, a) =>
          kernels.lstmVariantCell(rows, units, coupled, a.gates, peeping ? a.peepholes : 0, limit, a.cPrevious, a.c),
        );
        expect(difference, `[${rows}, ${units}]`).toBeLessThan(1e-6);
      });
    });

    it("lstmVariantHidden: o, tanh and h as in float64 to 1e-6", () => {
      eachSize((rows, units) => {
        const difference = differenceFromReference(engine, forwardBlocks(rows, units, gateCount), (kernels, a) =>
          kernels.lstmVariantHidden(rows, units, coupled, a.gates, peeping ? a.peepholes : 0, a.c, a.seen, a.tanhC, a.h),
        );
        expect(difference, `[${rows}, ${units}]`).toBeLessThan(1e-6);
      });
    });

    it.each([
      ["apart from dc", false],
      ["added onto dc", true],
    ])("lstmVariantHiddenBackward: derivatives by o, c and what tanh sees, %s, as in float64 to 2e-6", (_way, same) => {
      eachSize((rows, units) => {
        const blocks = { ...backwardBlocks(rows, units, gateCount), dSeen: numbers(rows * units, 8) };
        const difference = differenceFromReference(engine, blocks, (kernels, a) => {
          const peepholes = peeping ? a.peepholes : 0;
          kernels.lstmVariantHiddenBackward(rows, units, coupled, a.gates, peepholes, a.tanhC, a.dh, a.dc, same ? a.dc : a.dSeen);
        });
        expect(difference, `[${rows}, ${units}]`).toBeLessThan(2e-6);
      });
    });

    it("lstmVariantCellBackward: derivatives by the gates and by c' as in float64 to 2e-6", () => {
      eachSize((rows, units) => {
        const blocks = backwardBlocks(rows, units, gateCount);
        const difference = differenceFromReference(engine, blocks, (kernels, a) =>
          kernels.lstmVariantCellBackward(
            rows,
            units,
            coupled,
            a.gates,
            peeping ? a.peepholes : 0,
            limit,
            a.cPrevious,
            a.c,
            a.dc,
          ),
        );
        expect(difference, `[${rows}, ${units}]`).toBeLessThan(2e-6);
      });
    });

    it("derivatives by h and c below 1e-25 count as 0, above they don't, and NaN stays", () => {
      const units = 5;
      const derivatives = (dh: number, dc: number) => {
        const blocks = {
          ...backwardBlocks(1, units, gateCount),
          gates: numbers(gateCount * units, 1).map((value) => value / 8 + 0.5),
          c: numbers(units, 4).map((value) => value / 8),
          dh: new Float32Array(units).fill(dh),
          dc: new Float32Array(units).fill(dc),
        };
        const { after } = runKernel(engine, blocks, (kernels, a) => {
          kernels.lstmVariantHiddenBackward(1, units, coupled, a.gates, 0, a.tanhC, a.dh, a.dc, a.dc);
          kernels.lstmVariantCellBackward(1, units, coupled, a.gates, 0, limit, a.cPrevious, a.c, a.dc);
        });
        return [...after.gates, ...after.dc];
      };
      expect(derivatives(9e-26, -9e-26).every((derivative) => derivative === 0)).toBe(true);
      expect(derivatives(4e-25, 4e-25).every((derivative) => derivative !== 0)).toBe(true);
      expect(derivatives(Number.NaN, 0).every(Number.isNaN)).toBe(true);
    });

    it("a row has the same bits whether computed alone or among others", () => {
      const [rows, units] = [5, 7];
      const blocks = { ...forwardBlocks(rows, units, gateCount), dh: numbers(rows * units, 8), dc: numbers(rows * units, 9) };
      const [whole, alone] = [rows, 1].map((count) =>
        runKernel(engine, blocks, (kernels, a) => {
          const peepholes = peeping ? a.peepholes : 0;
          for (let row = 0; row < rows; row += count) {
            const at = row * units;
            const [gates, before, c, tanhC, dc] = [a.gates + gateCount * at, a.cPrevious + at, a.c + at, a.tanhC + at, a.dc + at];
            kernels.lstmVariantCell(count, units, coupled, gates, peepholes, limit, before, c);
            kernels.lstmVariantHidden(count, units, coupled, gates, peepholes, c, a.seen + at, tanhC, a.h + at);
            kernels.lstmVariantHiddenBackward(count, units, coupled, gates, peepholes, tanhC, a.dh + at, dc, dc);
            kernels.lstmVariantCellBackward(count, units, coupled, gates, peepholes, limit, before, c, dc);
          }
        }),
      );
      expect(alone).toEqual(whole);
    });
  });

  it("in float64, the way back is the derivative of the way there by finite differences", () => {
    const { kernels, memory } = referenceEngine("float64");
    memory.grow(1000);
    const [rows, units] = [2, 3];
    const size = rows * units;
    const [gates, cPrevious, peepholes, c, tanhC, h, dh, dc] = [100, 200, 250, 300, 400, 500, 600, 700] as const;
    const [dPeepholes, stride] = [800, gateCount * units];
    const ofPeepholes = (gateCount - 1) * units;
    const inputs = Float64Array.from(numbers(stride * rows + size + ofPeepholes, 1));
    const weights = numbers(2 * size, 2);
    const given = peeping ? peepholes : 0;
    const place = () => {
      memory.elements.set(inputs.subarray(0, stride * rows), gates);
      memory.elements.set(inputs.subarray(stride * rows, stride * rows + size), cPrevious);
      memory.elements.set(inputs.subarray(stride * rows + size), peepholes);
      kernels.lstmVariantCell(rows, units, coupled, gates, given, limit, cPrevious, c);
      kernels.lstmVariantHidden(rows, units, coupled, gates, given, c, c, tanhC, h);
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
    const isHeld = memory.elements.slice(c, c + size).some((value) => Math.abs(value) === limit);
    expect(isHeld, "some cell state is at the limit").toBe(Number.isFinite(limit));
    memory.elements.set(weights.subarray(0, size), dh);
    memory.elements.set(weights.subarray(size), dc);
    kernels.lstmVariantHiddenBackward(rows, units, coupled, gates, given, tanhC, dh, dc, dc);
    kernels.lstmVariantCellBackward(rows, units, coupled, gates, given, limit, cPrevious, c, dc);
    if (peeping) {
      const [input, forget, output] = coupled ? [0, undefined, 2] : [0, 1, 3];
      kernels.lstmPeepholeGradient(rows, units, gates + input * units, stride, cPrevious, dPeepholes);
      if (forget) kernels.lstmPeepholeGradient(rows, units, gates + forget * units, stride, cPrevious, dPeepholes + units);
      kernels.lstmPeepholeGradient(rows, units, gates + output * units, stride, c, dPeepholes + ofPeepholes - units);
    }
    const slopes = [
      ...memory.elements.slice(gates, gates + stride * rows),
      ...memory.elements.slice(dc, dc + size),
      ...memory.elements.slice(dPeepholes, dPeepholes + ofPeepholes),
    ];
    expect(Math.max(...differences.map((difference, i) => Math.abs(difference - (slopes[i] as number))))).toBeLessThan(1e-8);
  });
});

function backwardBlocks(rows: number, units: number, gates: number) {
  const size = rows * units;
  return {
    gates: numbers(gates * size, 1).map((value) => value / 2),
    peepholes: numbers((gates - 1) * units, 2),
    cPrevious: numbers(size, 3),
    // some at the limit, where the derivative ends
    c: numbers(size, 4).map((value, index) => (index % 3 === 0 ? Math.sign(value) * 0.5 : value / 4)),
    tanhC: numbers(size, 5).map(Math.tanh),
    dh: numbers(size, 6),
    dc: numbers(size, 7),
  };
}

describe.each(engines)("lstmPeepholeGradient, $name engine", ({ create }) => {
  it("adds Σ dGate⊙c over the rows of one gate, rows ascending", () => {
    const engine = create();
    eachSize((rows, units) => {
      const blocks = { gates: numbers(4 * rows * units, 1), c: numbers(rows * units, 2), dPeephole: numbers(units, 3) };
      const difference = differenceFromReference(engine, blocks, (kernels, a) =>
        kernels.lstmPeepholeGradient(rows, units, a.gates + units, 4 * units, a.c, a.dPeephole),
      );
      expect(difference, `[${rows}, ${units}]`).toBeLessThan(1e-6);
    });
  });
});
