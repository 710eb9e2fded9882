import { describe, expect, it } from "vitest";
import { readFixtures } from "../testing/fixtures.js";
import { constant } from "./constant.js";
import { cosineDecay } from "./cosine-decay.js";
import { exponentialDecay } from "./exponential-decay.js";
import { oneCycle } from "./one-cycle.js";
import type { Schedule } from "./schedule.js";
import { stepDecay } from "./step-decay.js";
import { warmup } from "./warmup.js";

const makers: Record<string, (options: never) => Schedule> = { stepDecay, exponentialDecay, cosineDecay, oneCycle };

describe("a schedule", () => {
  it.each(readFixtures("schedules"))("is PyTorch's: $name", ({ schedule, options, factors }) => {
    const factor = makers[schedule]?.(options as never) as Schedule;
    for (const [step, expected] of factors.entries()) expect(factor(step, 0), `step ${step}`).toBeCloseTo(expected, 12);
  });

  it("constant: is 1, or what it was told", () => {
    expect([constant()(0, 0), constant()(1000, 3), constant(0.5)(7, 0)]).toEqual([1, 1, 0.5]);
  });

  it("stepDecay: by epochs, from a given one on, as Zaremba et al. 2014 halve it after the fourth", () => {
    const halving = stepDecay({ every: 1, after: 4, by: "epochs" });
    expect([0, 3, 4, 5, 7].map((epoch) => halving(1000, epoch))).toEqual([1, 1, 0.5, 0.25, 0.0625]);
  });

  it("exponentialDecay: over several steps, and by epochs", () => {
    expect(exponentialDecay({ factor: 0.25, every: 10 })(5, 0)).toBeCloseTo(0.5, 12);
    expect(exponentialDecay({ factor: 0.5, by: "epochs" })(999, 2)).toBeCloseTo(0.25, 12);
  });

  it("cosineDecay and oneCycle: stay where they end", () => {
    expect(cosineDecay({ steps: 10, floor: 0.2 })(1000, 0)).toBeCloseTo(0.2, 12);
    expect(oneCycle({ steps: 10, end: 0.01 })(1000, 0)).toBeCloseTo(0.01, 12);
  });

  it("warmup: rises to the beginning of the schedule after it, none of whose steps is lost", () => {
    const factor = warmup({ steps: 3, next: stepDecay({ every: 2, factor: 0.1 }) });
    expect([0, 1, 2, 3, 4, 5].map((step) => factor(step, 0))).toEqual([0.25, 0.5, 0.75, 1, 1, expect.closeTo(0.1, 12)]);
    expect(warmup({ steps: 1 })(0, 0)).toBe(0.5);
    expect(warmup({ steps: 1 })(1, 0)).toBe(1);
    const byEpoch = warmup({ steps: 2, next: stepDecay({ every: 1, by: "epochs" }) });
    expect(byEpoch(5, 1)).toBe(0.5);
  });

  it.each<[make: () => unknown, message: string]>([
    [() => constant(-1), "constant: `factor` must be a finite number of at least 0, received -1."],
    [() => stepDecay({ every: 0 }), "stepDecay: `every` must be a whole number of at least 1, received 0."],
    [() => stepDecay({ every: 1, factor: 0 }), "stepDecay: `factor` must be a finite number above 0, received 0."],
    [() => stepDecay({ every: 1, by: "days" as "steps" }), 'stepDecay: `by` must be one of steps, epochs, received "days".'],
    [() => exponentialDecay({ factor: Number.NaN }), "exponentialDecay: `factor` must be a finite number above 0, received NaN."],
    [() => cosineDecay({ steps: 1.5 }), "cosineDecay: `steps` must be a whole number of at least 1, received 1.5."],
    [() => cosineDecay({ steps: 5, floor: 1 }), "cosineDecay: `floor` must be from 0 to below 1, received 1."],
    [
      () => oneCycle({ steps: 5, peak: 2 } as never),
      "oneCycle: there is no option `peak`; the options are steps, rise, start, end.",
    ],
    [() => oneCycle({ steps: 5, rise: 1 }), "oneCycle: `rise` must be from 5e-324 to below 1, received 1."],
    [() => warmup({ steps: 0 }), "warmup: `steps` must be a whole number of at least 1, received 0."],
  ])("refuses options that are unknown or out of range: %s", (make, message) => {
    expect(make).toThrow(expect.objectContaining({ code: "UNROLLED_VALUE", message }));
  });
});
