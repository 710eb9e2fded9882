import { describe, expect, it } from "vitest";
import { readTime, type TimeValue, timePlace, writeTime } from "./time.js";

describe("times", () => {
  it.each<[TimeValue, number, string]>([
    ["1949", Date.UTC(1949, 0), "year"],
    ["1949-02", Date.UTC(1949, 1), "month"],
    ["1988-02-29", Date.UTC(1988, 1, 29), "day"],
    ["2016-07-01 14:05", Date.UTC(2016, 6, 1, 14, 5), "minute"],
    ["2016-07-01 14:05:09", Date.UTC(2016, 6, 1, 14, 5, 9), "second"],
    ["2016-07-01T12:05:09.250Z", Date.UTC(2016, 6, 1, 12, 5, 9, 250), "instant"],
    [-2.5, -2.5, "number"],
  ])("%s is read as it is meant, in UTC, and written again as it was", (time, at, form) => {
    expect(readTime(time, "row 1")).toEqual({ at, form });
    expect(timePlace(time)).toBe(at);
    expect(writeTime(at, readTime(time, "row 1").form)).toBe(time);
  });

  it("in a zone are the same moment as in UTC", () => {
    expect(readTime("2016-07-01 14:05:09+02:00", "row 1").at).toBe(Date.UTC(2016, 6, 1, 12, 5, 9));
    expect(readTime("2016-07-01 14:05:09 -0330", "row 1").at).toBe(Date.UTC(2016, 6, 1, 17, 35, 9));
  });

  it("that are dates come back as dates", () => {
    const date = new Date(Date.UTC(2020, 1, 3));
    expect(writeTime(readTime(date, "row 1").at, "date")).toEqual(date);
  });

  it.each([
    "",
    "yesterday",
    "1949-13",
    "1949-06-31",
    "1949-02-29",
    "2016-07-01 25:00",
    "2016-07-01 12:61",
    "12/31/1999",
    Number.NaN,
  ])("%j is none, and an error says which row", (time) => {
    expect(() => readTime(time, "rows: row 3")).toThrow("rows: row 3: `time` must be a Date, a finite number or text such as");
  });
});
