import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LossCurve } from "./loss-curve.js";

const colors = { training: "<t>", validation: "<v>" };

function curveOf(losses: number[], steps = losses.length): LossCurve {
  const curve = new LossCurve();
  losses.forEach((loss, index) => {
    curve.add(index + 1, steps, loss, undefined);
  });
  return curve;
}

describe("LossCurve", () => {
  it("has nothing to draw before the first step, and no room in a tiny terminal", () => {
    expect(new LossCurve().draw(60, 5, undefined)).toEqual([]);
    expect(curveOf([3, 2, 1]).draw(7, 5, undefined)).toEqual([]);
  });

  it("draws a falling loss from the upper left to the lower right", () => {
    expect(curveOf([4, 3, 2, 1]).draw(16, 4, undefined)).toEqual([
      " 4.00 ┼───╮",
      " 3.00 ┤   ╰──╮",
      " 2.00 ┤      ╰─╮",
      " 1.00 ┤        ╰",
    ]);
  });

  it("takes the share of the width that the steps so far have of the planned ones", () => {
    const width = (steps: number) =>
      Math.max(
        ...curveOf([3, 2], steps)
          .draw(68, 4, undefined)
          .map((line) => line.length),
      );
    expect(width(2)).toBe(68);
    expect(width(4)).toBe(37);
  });

  it("begins where a resumed training goes on, instead of making up what was before", () => {
    const resumed = new LossCurve();
    for (const [index, loss] of [4, 3, 2, 1].entries()) resumed.add(601 + index, 604, loss, undefined);
    expect(resumed.draw(16, 4, undefined)).toEqual(curveOf([4, 3, 2, 1]).draw(16, 4, undefined));
  });

  it("shows the mean of the losses that share a column", () => {
    // Between 1 and 3, then between 0 and 2.
    const losses = Array.from({ length: 9_600 }, (_, index) => (index % 2) * 2 + (index < 4_800 ? 1 : 0));
    expect(curveOf(losses).draw(22, 2, undefined)).toEqual([" 2.00 ┼───────╮", " 1.00 ┤       ╰───────"]);
  });

  it("draws validation in its own color, and not at all where there are no colors", () => {
    const curve = new LossCurve();
    for (let step = 1; step <= 100; step += 1) curve.add(step, 100, 3 - step / 50, step === 50 ? 2.5 : undefined);
    expect(curve.draw(60, 8, colors).join("\n")).toContain("<v>");
    expect(curve.draw(60, 8, undefined).join("\n")).not.toContain("\u001b");
    const trainingOnly = curveOf(Array.from({ length: 100 }, (_, index) => 3 - (index + 1) / 50));
    expect(curve.draw(60, 8, undefined)).toEqual(trainingOnly.draw(60, 8, undefined));
  });

  it("has nothing to draw while the loss stays the same, to the last bit or almost", () => {
    const almost = Array.from({ length: 1000 }, (_, step) => 1.7124 + (step % 2) * Number.EPSILON);
    expect(curveOf(almost).draw(30, 8, undefined)).toEqual([]);
    expect(curveOf(almost.fill(1.7124)).draw(30, 8, undefined)).toEqual([]);
  });

  it("leaves out losses that are no numbers", () => {
    expect(curveOf([Number.NaN]).draw(60, 4, undefined)).toEqual([]);
    expect(curveOf([2, Number.POSITIVE_INFINITY, 1]).draw(60, 4, undefined).join("\n")).not.toMatch(/NaN|Infinity/);
  });

  it("fits the width and the height, give or take the line that rounding adds", () => {
    const losses = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(losses, fc.integer({ min: 20, max: 120 }), fc.integer({ min: 2, max: 20 }), (values, width, height) => {
        const lines = curveOf(values).draw(width, height, undefined);
        expect(lines.length).toBeLessThanOrEqual(height + 1);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});
