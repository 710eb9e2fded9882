import { type ForecastRow, type ForecastStep, timePlace } from "unrolled/tasks";
import { colorsFor } from "../display/colors.js";
import { forecastChart } from "../display/forecast-chart.js";
import { type ForecastDrawing, forecastDrawing } from "../display/forecast-drawing.js";
import { forecastSvg } from "../display/forecast-svg.js";
import { onOneLine } from "../display/visible-text.js";
import { writePicture } from "../display/written-picture.js";
import type { Host } from "../host.js";

/** What was is drawn for at least so many steps, and for so many times the forecast. */
const HISTORY = { steps: 48, times: 3 };
/** Drawings in the terminal; pictures there may be as many as there are targets and series. */
const MOST_CHARTS = 4;
const HEIGHT = 12;
const COLORS = { history: "\u001b[36m", forecast: "\u001b[31m", bounds: "\u001b[90m" };

/** A drawing for each target of each series. */
export function drawingsOf(
  targets: readonly string[],
  rows: readonly ForecastRow[],
  forecast: readonly ForecastStep[],
): ForecastDrawing[] {
  const groups = [...new Set(forecast.map(({ group }) => group))];
  return groups.flatMap((group) => {
    const own = rows.filter((row) => row.group === group).sort((one, other) => timePlace(one.time) - timePlace(other.time));
    const steps = forecast.filter((step) => step.group === group);
    const length = Math.max(HISTORY.steps, HISTORY.times * steps.length);
    return targets.map((target) => {
      const drawing = forecastDrawing(target, own, steps, length);
      return group === undefined ? drawing : { ...drawing, title: `${group}: ${target}` };
    });
  });
}

/** The first drawings as lines for the results' terminal. */
export function drawnForecasts({ results, environment }: Host, drawings: readonly ForecastDrawing[]): string[] {
  const width = Math.min(100, (results.columns ?? 81) - 1);
  const colors = colorsFor(results, environment).isColorSupported ? COLORS : undefined;
  const charts = drawings.slice(0, MOST_CHARTS).flatMap((drawing) => {
    const chart = forecastChart(drawing, width, HEIGHT, colors);
    const title = `${drawing.title}, then ${drawing.forecast.length} steps foretold:`;
    return chart.length === 0 ? [] : ["", onOneLine(title, width), ...chart];
  });
  const left = drawings.length - MOST_CHARTS;
  return [...charts, ...(left > 0 ? ["", `… and ${left} more; --svg draws them all.`] : [])];
}

/**
 * Writes each drawing as a picture: the only one into the file, several into files beside it, with the drawing's title in their names.
 *
 * @returns the files
 * @throws {UnrolledError} `UNROLLED_VALUE` where one can't be written.
 */
export async function writePictures(path: string, drawings: readonly ForecastDrawing[]): Promise<string[]> {
  const base = path.replace(/\.svg$/i, "");
  const written: string[] = [];
  for (const drawing of drawings) {
    const name = drawing.title.replaceAll(/[^\p{L}\p{N}]+/gu, "-");
    const file = drawings.length === 1 ? path : `${base}-${name}.svg`;
    await writePicture(file, forecastSvg(drawing));
    written.push(file);
  }
  return written;
}
