import { describe, expect, it } from "vitest";
import { forecastChart } from "./forecast-chart.js";
import { forecastDrawing } from "./forecast-drawing.js";
import { forecastSvg } from "./forecast-svg.js";

const rows = [100, 110, null, 130].map((value, index) => ({ time: `2001-0${index + 1}`, values: { "a < b": value } }));
const steps = [
  { time: "2001-05", values: { "a < b": 140 }, lower: { "a < b": 130 }, upper: { "a < b": 155 } },
  { time: "2001-06", values: { "a < b": 150 }, lower: { "a < b": 120 }, upper: { "a < b": 200 } },
];

/** The points of a path, rounded. */
const pointsOf = (svg: string, name: string) =>
  (svg.match(new RegExp(`class="${name}" d="([^"]*)"`))?.[1] ?? "").split(/[MLZ]/).filter(Boolean);

describe("the drawing of a forecast", () => {
  it("has the last rows that are there, and every step with its bounds", () => {
    const drawing = forecastDrawing("a < b", rows, steps, 3);
    expect(drawing.history).toEqual([
      { at: Date.UTC(2001, 1), value: 110 },
      { at: Date.UTC(2001, 3), value: 130 },
    ]);
    expect(drawing.forecast[1]).toEqual({ at: Date.UTC(2001, 5), value: 150, lower: 120, upper: 200 });
    expect(drawing.isTime).toBe(true);
  });

  it("as a picture has a line that goes on where the history ends, a band, and labels of both axes", () => {
    const svg = forecastSvg(forecastDrawing("a < b", rows, steps, 10));
    expect(pointsOf(svg, "history")).toHaveLength(3);
    expect(pointsOf(svg, "forecast")).toHaveLength(3);
    expect(pointsOf(svg, "forecast")[0]).toBe(pointsOf(svg, "history").at(-1));
    expect(pointsOf(svg, "bounds")).toHaveLength(6);
    expect(svg).toContain(">a &lt; b</text>");
    expect(svg).toMatch(/>180<\/text>/);
    expect(svg).toMatch(/>March<\/text>/);
    expect(svg).not.toContain("NaN");
  });

  it("has no band where there are no bounds", () => {
    const bare = steps.map(({ time, values }) => ({ time, values }));
    expect(forecastSvg(forecastDrawing("a < b", rows, bare, 10))).not.toContain('class="bounds"');
  });

  it("in the terminal is as wide and high as it may be, and rises as the forecast does", () => {
    const lines = forecastChart(forecastDrawing("a < b", rows, steps, 10), 40, 8, undefined);
    expect(lines).toHaveLength(8);
    expect(lines[0]).toContain("150");
    expect(lines.at(-1)).toContain("100");
    expect(Math.max(...lines.map((text) => text.length))).toBeLessThanOrEqual(40);
    const colors = { history: "\u001b[39m", forecast: "\u001b[31m", bounds: "\u001b[90m" };
    expect(forecastChart(forecastDrawing("a < b", rows, steps, 10), 40, 8, colors)[0]).toContain("200");
  });

  it("in the terminal has labels that tell its lines apart and keep to their width, however small or large the numbers are", () => {
    for (const unit of [1e-12, 1e-3, 1, 1e12, 1e100]) {
      const small = [1, 2, 3].map((value, index) => ({ time: `2001-0${index + 1}`, values: { x: value * unit } }));
      const next = [{ time: "2001-04", values: { x: 4 * unit } }];
      const labels = forecastChart(forecastDrawing("x", small, next, 10), 40, 8, undefined).map((text) => text.split(/[┤┼]/)[0]);
      expect(new Set(labels).size).toBe(8);
      for (const label of labels) expect(label).toHaveLength(10);
    }
  });

  it("in the terminal is left out where there is no room or no change", () => {
    const drawing = forecastDrawing("a < b", rows, steps, 10);
    expect(forecastChart(drawing, 12, 8, undefined)).toEqual([]);
    const flat = [{ time: "2001-05", values: { "a < b": 100 } }];
    expect(forecastChart(forecastDrawing("a < b", rows.slice(0, 1), flat, 10), 40, 8, undefined)).toEqual([]);
  });
});
