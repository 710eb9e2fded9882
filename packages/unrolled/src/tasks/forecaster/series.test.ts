import { describe, expect, it } from "vitest";
import type { ForecastRow } from "./rows.js";
import { seriesOf } from "./series.js";

const row = (time: ForecastRow["time"], a: number | null, group?: string): ForecastRow => ({
  time,
  values: { a },
  ...(group === undefined ? {} : { group }),
});
const failure = async (rows: readonly ForecastRow[]) =>
  await seriesOf(rows, "rows").then(
    () => "none",
    (error: Error) => error.message,
  );

describe("rows as series", () => {
  it("are sorted by time, each group by itself", async () => {
    const { series, columns, step } = await seriesOf(
      [row(3, 30, "x"), row(1, 10, "x"), row(2, 20, "x"), row(2, 5, "y"), row(1, 4, "y")],
      "rows",
    );
    expect({ columns, step }).toEqual({ columns: ["a"], step: { length: 1 } });
    expect(series.map(({ group, start, values }) => [group, start, [...(values[0] as Float64Array)]])).toEqual([
      ["x", 1, [10, 20, 30]],
      ["y", 1, [4, 5]],
    ]);
  });

  it("have missing steps where there was no row, and that is said", async () => {
    const notices: string[] = [];
    const rows = [row("2000-01", 1), row("2000-02", 2), row("2000-05", 5), row("2000-06", null)];
    const { series } = await seriesOf(rows, "rows", undefined, (notice) => notices.push(notice));
    expect(series.map(({ values }) => values.map((line) => [...line]))).toEqual([
      [[1, 2, Number.NaN, Number.NaN, 5, Number.NaN]],
    ]);
    expect(notices).toEqual(["The step of time is 1 month; 2 of 6 steps have no row and count as missing."]);
  });

  it("may lack columns, which then are missing", async () => {
    const { series, columns } = await seriesOf(
      [
        { time: 0, values: { a: 1 } },
        { time: 1, values: { b: 2 } },
      ],
      "rows",
    );
    expect(columns).toEqual(["a", "b"]);
    expect(series[0]?.values.map((line) => [...line])).toEqual([
      [1, Number.NaN],
      [Number.NaN, 2],
    ]);
  });

  it("are read from a function as from an array", async () => {
    const rows = [row(0, 1), row(1, 2)];
    const lazily = async function* () {
      yield* rows;
    };
    expect(await seriesOf(lazily, "rows")).toEqual(await seriesOf(rows, "rows"));
  });

  it("that are none are errors that name row, time and mend", async () => {
    expect(await failure([])).toBe("rows: expected at least one row, received none.");
    expect(await failure([row(0, 1)])).toContain("the step of time can't be told from 1 row");
    expect(await failure([row(0, 1), row(1, 2), row(1, 3), row(2, 4)])).toBe(
      "rows: two rows have the time 1; keep one, or tell series apart by `group`.",
    );
    expect(await failure([row(0, 1), row(1, 2), row(2, 3), row(3.5, 4)])).toContain(
      "the step of time is 1, but 3.5 stands between two steps",
    );
    expect(await failure([row(0, Number.POSITIVE_INFINITY), row(1, 2)])).toContain("rows: row 1: `a` must be a finite number");
    expect(await failure([row(0, "7" as unknown as number)])).toContain('received "7"');
    expect(await failure([row(0, 1), row("2000-01", 1)])).toContain("rows: row 2: times must be all numbers or all moments");
    expect(await failure([{ time: 0 } as ForecastRow])).toContain("rows: row 1: expected { time, values: { column: number } }");
    expect(await failure([row(0, 1), row(1, 1), row(2, 1), row(1e9, 1)])).toContain("more than 1000000 steps are missing");
  });
});
