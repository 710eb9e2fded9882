import { describe, expect, it } from "vitest";
import { glorotUniform, normal, orthogonal, uniform } from "./initializers.js";
import { RandomStream } from "./random.js";

function random(): RandomStream {
  return new RandomStream(11, "initialisation");
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("initializers", () => {
  it.each([
    [3, 5],
    [64, 128],
    [200, 1],
  ])(
    "glorotUniform: a weight [%i, %i] lies within ±√(6 / (rows + columns)) and has that distribution's variance",
    (rows, columns) => {
      const values = glorotUniform(rows, columns, random());
      const bound = Math.sqrt(6 / (rows + columns));
      expect(values).toHaveLength(rows * columns);
      expect(values.every((value) => Math.abs(value) <= bound)).toBe(true);
      const variance = mean(values.map((value) => value ** 2));
      const deviation = Math.sqrt((bound ** 4 * 4) / 45 / values.length);
      expect(Math.abs(variance - bound ** 2 / 3)).toBeLessThan(4 * deviation);
    },
  );

  it("uniform: within ±bound, on both sides of 0 alike", () => {
    const values = uniform(10_000, 0.25, random());
    expect(values.every((value) => Math.abs(value) <= 0.25)).toBe(true);
    expect(Math.abs(mean(values))).toBeLessThan(4 * Math.sqrt(0.25 ** 2 / 3 / values.length));
  });

  it("normal: the given standard deviation, to four of its own", () => {
    const values = normal(10_000, 0.1, random());
    expect(Math.abs(mean(values))).toBeLessThan(4 * (0.1 / Math.sqrt(values.length)));
    expect(Math.abs(Math.sqrt(mean(values.map((value) => value ** 2))) - 0.1)).toBeLessThan(
      4 * (0.1 / Math.sqrt(2 * values.length)),
    );
  });

  it.each([1, 2, 3, 17, 64])("orthogonal: the rows of a matrix of %i are orthonormal to 1e-14", (size) => {
    const matrix = orthogonal(size, random());
    let largest = 0;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let k = 0; k < size; k++) dot += (matrix[i * size + k] as number) * (matrix[j * size + k] as number);
        largest = Math.max(largest, Math.abs(dot - (i === j ? 1 : 0)));
      }
    }
    expect(largest).toBeLessThan(1e-14);
  });

  it("draw the same from the same stream, and other numbers from another", () => {
    expect(orthogonal(5, random())).toEqual(orthogonal(5, random()));
    expect(glorotUniform(3, 4, random())).not.toEqual(glorotUniform(3, 4, new RandomStream(12, "initialisation")));
  });
});
