import { describe, expect, it } from "vitest";
import { type GenerateOptions, Sampler } from "./sampling.js";

const DRAWS = 20_000;
/** Index 0 stands for unknown characters: it is never drawn, however likely. */
const probabilities = [0.9, 0.5, 0.3, 0.15, 0.05];
const logits = Float32Array.from(probabilities, Math.log);

/** How often each index is drawn. */
function shares(options: GenerateOptions): number[] {
  const sampler = new Sampler({ seed: 1, ...options });
  const draws = Array.from({ length: DRAWS }, () => sampler.draw(logits));
  return probabilities.map((_, index) => draws.filter((drawn) => drawn === index).length / DRAWS);
}

/** Five standard deviations of a share of 20,000 draws, at most. */
const close = (expected: number) => (expected === 0 ? 0 : expect.closeTo(expected, 1.7));
const closeTo = (expected: readonly number[]) => expected.map(close);

describe("a draw", () => {
  it("follows the softmax of the logits, without index 0", () => {
    expect(shares({})).toEqual(closeTo([0, 0.5, 0.3, 0.15, 0.05]));
  });

  it("sharpens or flattens it by the temperature", () => {
    const powers = (temperature: number) => {
      const raised = probabilities.map((probability, index) => (index === 0 ? 0 : probability ** (1 / temperature)));
      const total = raised.reduce((sum, power) => sum + power, 0);
      return raised.map((power) => power / total);
    };
    expect(shares({ temperature: 0.5 })).toEqual(closeTo(powers(0.5)));
    expect(shares({ temperature: 2 })).toEqual(closeTo(powers(2)));
  });

  it("is among the k likeliest, in their proportion", () => {
    expect(shares({ topK: 2 })).toEqual(closeTo([0, 5 / 8, 3 / 8, 0, 0]));
    expect(shares({ topK: 100 })).toEqual(shares({}));
  });

  it("is among the fewest likeliest that reach p together, in their proportion", () => {
    expect(shares({ topP: 0.79 })).toEqual(closeTo([0, 5 / 8, 3 / 8, 0, 0]));
    expect(shares({ topP: 0.81 })).toEqual(closeTo([0, 0.5 / 0.95, 0.3 / 0.95, 0.15 / 0.95, 0]));
    expect(shares({ topP: 0.01 })).toEqual([0, 1, 0, 0, 0]);
  });

  it("takes topP of what topK leaves", () => {
    expect(shares({ topK: 3, topP: 0.8 })).toEqual(closeTo([0, 5 / 8, 3 / 8, 0, 0]));
  });

  it("takes the first of equally likely ones at temperature 0", () => {
    const sampler = new Sampler({ temperature: 0 });
    expect(sampler.draw(Float32Array.of(9, 1, 3, 3))).toBe(2);
  });

  it("stays right for logits that exp can't take", () => {
    const sampler = new Sampler({ seed: 1 });
    expect(sampler.draw(Float32Array.of(0, 1000, -1000))).toBe(1);
    expect(sampler.draw(Float32Array.of(0, -1000, -5000))).toBe(1);
  });
});
