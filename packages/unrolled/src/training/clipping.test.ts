import { describe, expect, it } from "vitest";
import { type FixtureTensor, readFixtures } from "../cells/testing/fixtures.js";
import type { Engine } from "../engine/engine.js";
import { engines } from "../engine/testing/engines.js";
import { Clipping, type GradientBlock, globalNorm } from "./clipping.js";

function blocksOf(engine: Engine, gradients: readonly ArrayLike<number>[]): GradientBlock[] {
  return gradients.map((values) => {
    const address = engine.allocator.allocate(values.length);
    engine.write(values, address);
    return { address, size: values.length };
  });
}

/** Gradients after clipping. */
function clipped(engine: Engine, clipping: Clipping, blocks: readonly GradientBlock[]): number[][] {
  const norm = globalNorm(engine, blocks);
  return blocks.map((block) => {
    const scale = clipping.scaleOf(engine, block, norm);
    return Array.from(engine.read(block.address, block.size), (value) => scale * value);
  });
}

describe.each(engines)("clipping on the $name engine", ({ create }) => {
  it.each(readFixtures("clip"))("gives PyTorch's norm and gradients: $name", (fixture) => {
    const engine = create();
    const { weight, bias } = fixture.gradients;
    const blocks = blocksOf(
      engine,
      [weight, bias].map(({ data }: FixtureTensor) => data),
    );
    expect(globalNorm(engine, blocks)).toBeCloseTo(fixture.norm, 5);
    const actual = clipped(engine, new Clipping("fit", { clipNorm: fixture.maxNorm }), blocks);
    for (const [index, name] of (["weight", "bias"] as const).entries()) {
      for (const [at, value] of fixture.clipped[name].data.entries()) expect(actual[index]?.[at]).toBeCloseTo(value, 5);
    }
  });

  it("by the norm of each parameter leaves the directions alone and the small ones as they are", () => {
    const engine = create();
    const blocks = blocksOf(engine, [
      [3, 4],
      [0.3, -0.4],
    ]);
    const [long, short] = clipped(engine, new Clipping("fit", { clipParameterNorm: 1 }), blocks);
    expect(long).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)]);
    expect(short).toEqual([Math.fround(0.3), Math.fround(-0.4)]);
  });

  it("by value cuts each number off", () => {
    const engine = create();
    const blocks = blocksOf(engine, [[3, -4, 0.25], [-0.5]]);
    expect(clipped(engine, new Clipping("fit", { clipValue: 0.5 }), blocks)).toEqual([[0.5, -0.5, 0.25], [-0.5]]);
  });

  it("leaves gradients alone up to the norm, and where no limit is set", () => {
    const engine = create();
    const gradients = [[0.6, 0.8], [0]];
    for (const options of [{}, { clipNorm: 100 }, { clipParameterNorm: 100 }, { clipValue: 100 }]) {
      const blocks = blocksOf(engine, gradients);
      expect(clipped(engine, new Clipping("fit", options), blocks)).toEqual([[Math.fround(0.6), Math.fround(0.8)], [0]]);
    }
  });
});
