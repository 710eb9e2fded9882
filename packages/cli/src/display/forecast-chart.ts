import asciichart from "asciichart";
import type { ForecastDrawing } from "./forecast-drawing.js";

/** Escape sequences that begin the color of each line; none for a chart in the terminal's own color. */
export interface ForecastColors {
  readonly history: string;
  readonly forecast: string;
  readonly bounds: string;
}

/** What stands left of the lines: a number such as "1234.5 ". */
const LABEL_WIDTH = 10;

/**
 * A forecast in lines of at most `width` characters, about `height` of them: what was, and behind it what is foretold. Bounds are drawn where
 * there are colors to tell them from the forecast.
 */
export function forecastChart(
  { history, forecast }: ForecastDrawing,
  width: number,
  height: number,
  colors: ForecastColors | undefined,
): string[] {
  const room = width - LABEL_WIDTH - forecast.length;
  if (room < 2 || height < 2 || forecast.length === 0) return [];
  const shown = history.slice(-room).map(({ value }) => rounded(value));
  const ahead = forecast.map(({ value }) => rounded(value));
  // asciichart knows no gaps: each line runs along the history, which is drawn over all of them
  const behind = (values: readonly number[]) => [...shown, ...values];
  const bounds = (["lower", "upper"] as const).map((bound) => behind(forecast.map((step) => rounded(step[bound] ?? step.value))));
  const hasBounds = colors !== undefined && forecast.every(({ lower, upper }) => lower !== undefined && upper !== undefined);
  const series = [...(hasBounds ? bounds : []), behind(ahead), ...(colors ? [shown] : [])];
  const values = series.flat();
  if (values.every((value) => value === values[0])) return [];
  const step = (Math.max(...values) - Math.min(...values)) / (height - 1);
  const chart = asciichart.plot(series, {
    height: height - 1,
    offset: 2,
    format: (value) => `${labelOf(value, step)} `.padStart(LABEL_WIDTH),
    ...(colors && { colors: [...(hasBounds ? [colors.bounds, colors.bounds] : []), colors.forecast, colors.history] }),
  });
  return chart.split("\n").map((text) => text.trimEnd());
}

/** A number in as many digits as tell it from the next line's, `step` away. */
function labelOf(value: number, step: number): string {
  const decimals = Math.max(Math.abs(value) < 100 ? 2 : 0, Math.ceil(-Math.log10(step)));
  const text = decimals < LABEL_WIDTH ? value.toFixed(decimals) : "";
  return text !== "" && text.length < LABEL_WIDTH ? text : value.toExponential(2);
}

/** Values that differ in their last bits only would make asciichart scale them beyond whole numbers, and loop for ever. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
