import { describe, expect, it } from "vitest";
import { type FixtureTensor, readFixtures } from "../cells/testing/fixtures.js";
import { engines } from "../engine/testing/engines.js";
import { clippingScale, globalNorm } from "./clipping.js";

describe.each(engines)("clipping on the $name engine", ({ create }) => {
  it.each(readFixtures("clip"))("gives PyTorch's norm and gradients: $name", ({ gradients, maxNorm, norm, clipped }) => {
    const engine = create();
    const blocks = [gradients.weight, gradients.bias].map(({ data }: FixtureTensor) => {
      const address = engine.allocator.allocate(data.length);
      engine.write(data, address);
      return { address, size: data.length };
    });
    const measured = globalNorm(engine, blocks);
    expect(measured).toBeCloseTo(norm, 5);
    const scale = clippingScale(measured, maxNorm);
    for (const name of ["weight", "bias"] as const) {
      const scaled = gradients[name].data.map((value) => scale * value);
      for (const [index, value] of clipped[name].data.entries()) expect(scaled[index]).toBeCloseTo(value, 5);
    }
  });
});

describe("clippingScale", () => {
  it("leaves gradients alone up to the norm, and where no norm is set", () => {
    expect([clippingScale(1, 1), clippingScale(0, 1), clippingScale(100, undefined)]).toEqual([1, 1, 1]);
  });

  it("brings any larger norm down to the norm set", () => {
    expect(clippingScale(8, 2)).toBe(0.25);
  });
});
