import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import type { Kernels } from "../../src/engine/kernels.js";
import { engines, wasmEngines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, runKernel } from "../testing/run-kernel.js";

/** Around the tiles' 4 to 6 rows and 8 or 16 columns, and past the 64 or 96 rows that a panel meets at a time. */
const ROWS = [0, 1, 2, 3, 4, 5, 7, 8, 66, 101];
/** Around a panel's 8 columns, and the 4 panels that a single row takes at a time. */
const COLUMNS = [0, 1, 3, 4, 5, 7, 8, 9, 17, 31, 32, 43];
const DEPTHS = [0, 1, 3, 4, 5, 17];

function eachSize(check: (m: number, n: number, k: number) => void): void {
  for (const m of ROWS) for (const n of COLUMNS) for (const k of DEPTHS) check(m, n, k);
}

describe.each(engines)("matmul, $name engine", ({ create }) => {
  const engine = create();

  it("multiplyPacked: adds A·B to C, for every edge of rows, columns and depth, with strides longer than the rows", () => {
    eachSize((m, n, k) => {
      const [aStride, bStride, cStride] = [k + 3, n + 1, n + 2];
      const blocks = {
        a: numbers(m * aStride, 1),
        b: numbers(k * bStride, 2),
        c: numbers(m * cStride, 3),
        packed: (kernels: Kernels) => kernels.packedLength(k, n),
      };
      const difference = differenceFromReference(engine, blocks, (kernels, { a, b, c, packed }) => {
        kernels.pack(k, n, b, bStride, false, packed);
        kernels.multiplyPacked(m, n, k, a, aStride, packed, c, cStride, c, cStride);
      });
      expect(difference, `[${m}, ${k}]·[${k}, ${n}]`).toBeLessThan(2e-6);
    });
  });

  it("multiplyTransposed: adds Aᵀ·B to C, for every edge of rows, columns and depth, with strides longer than the rows", () => {
    eachSize((m, n, k) => {
      const [aStride, bStride, cStride] = [m + 3, n + 1, n + 2];
      const blocks = {
        a: numbers(k * aStride, 1),
        b: numbers(k * bStride, 2),
        c: numbers(m * cStride, 3),
        scratch: (kernels: Kernels) => kernels.transposedScratchLength(m, n, k),
      };
      const difference = differenceFromReference(engine, blocks, (kernels, { a, b, c, scratch }) =>
        kernels.multiplyTransposed(m, n, k, a, aStride, b, bStride, c, cStride, scratch),
      );
      expect(difference, `[${k}, ${m}]ᵀ·[${k}, ${n}]`).toBeLessThan(2e-6);
    });
  });

  it.each([256, 257, 600])("multiplyPacked: sums products of depth %i, more than is done at a time", (k) => {
    for (const m of [1, 2, 13]) {
      for (const n of [3, 8, 27]) {
        const blocks = {
          a: numbers(m * k, 1),
          b: numbers(k * n, 2),
          c: numbers(m * n, 3),
          packed: (kernels: Kernels) => kernels.packedLength(k, n),
        };
        const difference = differenceFromReference(engine, blocks, (kernels, { a, b, c, packed }) => {
          kernels.pack(k, n, b, n, false, packed);
          kernels.multiplyPacked(m, n, k, a, k, packed, c, n, c, n);
        });
        expect(difference, `[${m}, ${k}]·[${k}, ${n}]`).toBeLessThan(4e-5);
      }
    }
  });

  it.each([
    [257, 3, 5],
    [289, 265, 2],
    [300, 19, 300],
    [13, 530, 257],
  ])("multiplyPacked: [%i, %i] of depth %i, more rows or columns than are done at a time", (m, n, k) => {
    const blocks = {
      a: numbers(m * k, 1),
      b: numbers(k * n, 2),
      c: numbers(m * n, 3),
      packed: (kernels: Kernels) => kernels.packedLength(k, n),
    };
    const difference = differenceFromReference(engine, blocks, (kernels, { a, b, c, packed }) => {
      kernels.pack(k, n, b, n, false, packed);
      kernels.multiplyPacked(m, n, k, a, k, packed, c, n, c, n);
    });
    expect(difference).toBeLessThan(4e-5);
  });

  it("multiplyPacked: beginning with one row for all, or with rows elsewhere, gives the bits of beginning with them in C", () => {
    for (const [m, n, k] of [
      [1, 37, 5],
      [7, 43, 300],
      [66, 16, 19],
      [101, 5, 3],
      [300, 270, 260],
    ] as const) {
      const row = numbers(n, 3);
      const blocks = {
        a: numbers(m * k, 1),
        b: numbers(k * n, 2),
        row,
        rows: Float32Array.from({ length: m * n }, (_, at) => row[at % n] as number),
        fromRow: numbers(m * n, 4),
        fromRows: numbers(m * n, 4),
        packed: (kernels: Kernels) => kernels.packedLength(k, n),
      };
      const { after } = runKernel(engine, blocks, (kernels, { a, b, row, rows, fromRow, fromRows, packed }) => {
        kernels.pack(k, n, b, n, false, packed);
        kernels.multiplyPacked(m, n, k, a, k, packed, row, 0, fromRow, n);
        kernels.multiplyPacked(m, n, k, a, k, packed, rows, n, fromRows, n);
        kernels.multiplyPacked(m, n, k, a, k, packed, rows, n, rows, n);
      });
      expect(after.fromRow, `[${m}, ${k}]·[${k}, ${n}], one row`).toEqual(after.rows);
      expect(after.fromRows, `[${m}, ${k}]·[${k}, ${n}], rows`).toEqual(after.rows);
    }
  });

  it.each([256, 257, 600])("multiplyTransposed: sums %i rows, more than are packed at a time", (k) => {
    const [m, n] = [6, 11];
    const blocks = {
      a: numbers(k * m, 1),
      b: numbers(k * n, 2),
      c: numbers(m * n, 3),
      scratch: (kernels: Kernels) => kernels.transposedScratchLength(m, n, k),
    };
    const difference = differenceFromReference(engine, blocks, (kernels, { a, b, c, scratch }) =>
      kernels.multiplyTransposed(m, n, k, a, m, b, n, c, n, scratch),
    );
    expect(difference).toBeLessThan(3e-5);
  });

  it("pack: a matrix packed as transposed is its transpose packed as it is", () => {
    for (const n of COLUMNS) {
      for (const k of DEPTHS) {
        const [stride, transposedStride] = [k + 2, n + 3];
        const source = numbers(n * stride);
        const transposed = new Float32Array(k * transposedStride);
        for (let j = 0; j < n; j++) {
          for (let p = 0; p < k; p++) transposed[p * transposedStride + j] = source[j * stride + p] as number;
        }
        const length = engine.kernels.packedLength(k, n);
        const blocks = { source, transposed, a: numbers(length, 2), b: numbers(length, 3) };
        const { after } = runKernel(engine, blocks, (kernels, addresses) => {
          kernels.pack(k, n, addresses.source, stride, true, addresses.a);
          kernels.pack(k, n, addresses.transposed, transposedStride, false, addresses.b);
        });
        expect(after.a, `[${n}, ${k}]`).toEqual(after.b);
      }
    }
  });

  it("multiplyPacked: a row has the same bits whether computed alone, in a range of rows, or with all", () => {
    const m = 71;
    for (const n of [5, 8, 37, 70]) {
      const k = 19;
      const blocks = {
        a: numbers(m * k, 1),
        b: numbers(k * n, 2),
        c: numbers(m * n, 3),
        packed: (kernels: Kernels) => kernels.packedLength(k, n),
      };
      const byRanges = (lengths: number[]) =>
        runKernel(engine, blocks, (kernels, { a, b, c, packed }) => {
          kernels.pack(k, n, b, n, false, packed);
          let first = 0;
          for (const length of lengths) {
            kernels.multiplyPacked(length, n, k, a + first * k, k, packed, c + first * n, n, c + first * n, n);
            first += length;
          }
        });
      const whole = byRanges([m]);
      expect(byRanges(Array(m).fill(1)), `${n} columns, rows alone`).toEqual(whole);
      expect(byRanges([2, 7, 61, 1]), `${n} columns, uneven ranges`).toEqual(whole);
    }
  });

  it("multiplyTransposed: a range of rows or columns of C has the same bits as the whole", () => {
    const [m, n, k] = [13, 29, 300];
    const blocks = {
      a: numbers(k * m, 1),
      b: numbers(k * n, 2),
      c: numbers(m * n, 3),
      scratch: (kernels: Kernels) => kernels.transposedScratchLength(m, n, k),
    };
    const whole = runKernel(engine, blocks, (kernels, { a, b, c, scratch }) =>
      kernels.multiplyTransposed(m, n, k, a, m, b, n, c, n, scratch),
    );
    const byColumns = runKernel(engine, blocks, (kernels, { a, b, c, scratch }) => {
      for (const [first, columns] of [
        [0, 11],
        [11, 1],
        [12, 17],
      ] as const) {
        kernels.multiplyTransposed(m, columns, k, a, m, b + first, n, c + first, n, scratch);
      }
    });
    const byRows = runKernel(engine, blocks, (kernels, { a, b, c, scratch }) => {
      kernels.multiplyTransposed(6, n, k, a, m, b, n, c, n, scratch);
      kernels.multiplyTransposed(7, n, k, a + 6, m, b, n, c + 6 * n, n, scratch);
    });
    expect(byColumns).toEqual(whole);
    expect(byRows).toEqual(whole);
  });

  it("multiplyPacked: infinity and NaN in a row stay in that row", () => {
    const [m, n, k] = [5, 9, 4];
    const a = numbers(m * k, 1);
    a[k] = Number.POSITIVE_INFINITY;
    a[2 * k] = Number.NaN;
    const blocks = { a, b: numbers(k * n, 2), c: numbers(m * n, 3), packed: (kernels: Kernels) => kernels.packedLength(k, n) };
    const { after } = runKernel(engine, blocks, (kernels, { a, b, c, packed }) => {
      kernels.pack(k, n, b, n, false, packed);
      kernels.multiplyPacked(m, n, k, a, k, packed, c, n, c, n);
    });
    const finite = after.c.map(Number.isFinite);
    expect(finite).toEqual(Array.from({ length: m * n }, (_, at) => at < n || at >= 3 * n));
  });
});

describe.each(wasmEngines)("matmul, $name build", ({ create }) => {
  const engine = create();

  it("multiplyPacked: a range of panels has the same bits as the whole", () => {
    const [m, k] = [7, 21];
    for (const n of [16, 37, 72]) {
      const blocks = {
        a: numbers(m * k, 1),
        b: numbers(k * n, 2),
        c: numbers(m * n, 3),
        packed: (kernels: Kernels) => kernels.packedLength(k, n),
      };
      const byColumns = (lengths: number[]) =>
        runKernel(engine, blocks, (kernels, { a, b, c, packed }) => {
          kernels.pack(k, n, b, n, false, packed);
          let first = 0;
          for (const length of lengths) {
            // Panels lie one after another, so those of the columns before take as much as these columns alone.
            kernels.multiplyPacked(m, length, k, a, k, packed + kernels.packedLength(k, first), c + first, n, c + first, n);
            first += length;
          }
        });
      expect(byColumns([8, n - 8])).toEqual(byColumns([n]));
    }
  });

  it("multiplyPacked and multiplyTransposed: one order of summation, so Aᵀ·B has the bits of (Aᵀ)·B", () => {
    const [m, n, k] = [9, 19, 300];
    const a = numbers(k * m, 1);
    const transposed = Float32Array.from({ length: m * k }, (_, at) => a[(at % k) * m + Math.floor(at / k)] as number);
    const blocks = {
      a,
      transposed,
      b: numbers(k * n, 2),
      straight: numbers(m * n, 3),
      gradient: numbers(m * n, 3),
      packed: (kernels: Kernels) => kernels.packedLength(k, n),
      scratch: (kernels: Kernels) => kernels.transposedScratchLength(m, n, k),
    };
    const { after } = runKernel(engine, blocks, (kernels, addresses) => {
      const { a, transposed, b, straight, gradient, packed, scratch } = addresses;
      kernels.pack(k, n, b, n, false, packed);
      kernels.multiplyPacked(m, n, k, transposed, k, packed, straight, n, straight, n);
      kernels.multiplyTransposed(m, n, k, a, m, b, n, gradient, n, scratch);
    });
    expect(after.gradient).toEqual(after.straight);
  });
});

describe("matmul, wide build", () => {
  const [relaxed, wide] = (["relaxed", "wide"] as const).map((name) => {
    return (wasmEngines.find((build) => build.name === name) as (typeof wasmEngines)[0]).create();
  }) as [Engine, Engine];
  /** Whole numbers from `low` to `high`, from a fraction. */
  const between = (low: number, high: number, fraction: number) => low + Math.floor(fraction * (high - low + 1));

  it("has the bits of the relaxed build in 300 products of random shapes, once V8 has compiled it for speed too", () => {
    const random = numbers(900).map((value) => value / 4 + 0.5);
    for (let product = 0; product < 300; product++) {
      const [x, y, z] = random.subarray(3 * product) as unknown as [number, number, number];
      const [m, n, k] = [
        between(1, product % 10 === 0 ? 210 : 32, x),
        between(1, 90, y),
        between(1, product % 7 === 0 ? 600 : 280, z),
      ];
      const blocks = {
        a: numbers(m * k, 1),
        b: numbers(k * n, 2),
        straight: numbers(m * n, 3),
        transposed: numbers(m * n, 4),
        packed: (kernels: Kernels) => kernels.packedLength(k, n),
        scratch: (kernels: Kernels) => kernels.transposedScratchLength(m, n, k),
      };
      const [expected, received] = [relaxed, wide].map((engine) =>
        runKernel(engine, blocks, (kernels, { a, b, straight, transposed, packed, scratch }) => {
          kernels.pack(k, n, b, n, false, packed);
          kernels.multiplyPacked(m, n, k, a, k, packed, straight, n, straight, n);
          kernels.multiplyTransposed(m, n, k, a, m, b, n, transposed, n, scratch);
        }),
      );
      expect(received, `[${m}, ${k}]·[${k}, ${n}]`).toEqual(expected);
    }
  });
});
