import { describe, expect, it } from "vitest";
import { calendarOf, writeCalendar } from "./calendar.js";
import { DAY, describeStep, HOUR, inferStep, seasonOf, stepFrom, stepsBetween } from "./time-step.js";

const months = (first: number, count: number, day = 1) =>
  Array.from({ length: count }, (_, month) => Date.UTC(2001, first + month, day));

describe("the step of time", () => {
  it("of moments on one day of their months is months, however long these are", () => {
    expect(inferStep(months(0, 14), true)).toEqual({ months: 1 });
    expect(
      inferStep(
        [0, 3, 6, 9].map((month) => Date.UTC(1999, month, 15)),
        true,
      ),
    ).toEqual({ months: 3 });
    expect(
      inferStep(
        [1990, 1991, 1992].map((year) => Date.UTC(year, 0)),
        true,
      ),
    ).toEqual({ months: 12 });
  });

  it("of month ends is months, and the series goes on with month ends", () => {
    const ends = [0, 1, 2, 3].map((month) => Date.UTC(2021, month + 1, 0));
    const step = inferStep(ends, true);
    expect(step).toEqual({ months: 1 });
    expect(ends.map((_, index) => stepFrom(ends[0] as number, { months: 1 }, index))).toEqual(ends);
    expect(stepFrom(ends[0] as number, { months: 1 }, 13)).toBe(Date.UTC(2022, 2, 0));
  });

  it("is what most neighbours are apart, whatever gaps there are", () => {
    expect(
      inferStep(
        [0, 1, 2, 3, 9, 10].map((hour) => hour * HOUR),
        true,
      ),
    ).toEqual({ length: HOUR });
    expect(inferStep([5, 7, 9, 15], false)).toEqual({ length: 2 });
  });

  it("counts steps, and tells where a time stands between two", () => {
    expect(stepsBetween(Date.UTC(2000, 0), Date.UTC(2003, 2), { months: 1 })).toBe(38);
    expect(stepsBetween(0, 0.3, { length: 0.1 })).toBe(3);
    expect(stepsBetween(0, 25 * HOUR, { length: DAY })).toBeCloseTo(25 / 24, 10);
    expect(stepsBetween(Date.UTC(2000, 0), Date.UTC(2000, 1, 2), { months: 1 })).not.toBe(1);
  });

  it("tells the season, the calendar that is worth reading, and its name", () => {
    const of = (step: { months: number } | { length: number }) => [
      seasonOf(step, true),
      calendarOf(step, true, 1e5),
      describeStep(step, true),
    ];
    expect(of({ length: HOUR })).toEqual([24, ["hour", "weekday", "dayOfYear"], "1 hour"]);
    expect(of({ length: DAY })).toEqual([7, ["weekday", "dayOfYear"], "1 day"]);
    expect(of({ months: 1 })).toEqual([12, ["month"], "1 month"]);
    expect(of({ months: 3 })).toEqual([4, ["month"], "3 months"]);
    expect(of({ months: 12 })).toEqual([1, [], "1 year"]);
    expect([seasonOf({ length: 5 }, false), calendarOf({ length: 5 }, false, 1e5)]).toEqual([1, []]);
  });
});

describe("the calendar", () => {
  it("is read by default as far as its cycles are seen twice", () => {
    expect(calendarOf({ length: HOUR }, true, 24 * 13)).toEqual(["hour"]);
    expect(calendarOf({ length: HOUR }, true, 24 * 14)).toEqual(["hour", "weekday"]);
    expect(calendarOf({ months: 1 }, true, 23)).toEqual([]);
    expect(calendarOf({ months: 1 }, true, 25)).toEqual(["month"]);
  });

  it("is a circle: each feature's sine and cosine, in its own phase", () => {
    const out = new Float32Array(4);
    // a Thursday at 18:00
    writeCalendar(Date.UTC(1970, 0, 1, 18), ["hour", "weekday"], out, 0);
    const at = (phase: number) => [Math.sin(2 * Math.PI * phase), Math.cos(2 * Math.PI * phase)];
    for (const [index, value] of [...at(0.75), ...at(3 / 7)].entries()) expect(out[index]).toBeCloseTo(value, 6);
  });

  it("knows leap years, and the length of each month", () => {
    const out = new Float32Array(4);
    writeCalendar(Date.UTC(2004, 6, 2), ["dayOfYear", "dayOfMonth"], out, 0);
    expect(out[0]).toBeCloseTo(0, 6);
    expect(out[1]).toBeCloseTo(-1, 6);
    expect(out[2]).toBeCloseTo(Math.sin((2 * Math.PI) / 31), 6);
  });
});
