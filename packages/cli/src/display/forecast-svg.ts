import { scaleLinear, scaleUtc } from "d3-scale";
import { area, line } from "d3-shape";
import type { DrawnPoint, ForecastDrawing } from "./forecast-drawing.js";

const [WIDTH, HEIGHT] = [960, 400];
const MARGIN = { top: 40, right: 24, bottom: 40, left: 64 };
const COLORS = { history: "#334155", forecast: "#dc2626", band: "#fecaca", grid: "#e2e8f0", text: "#334155" };
const TICKS = { x: 8, y: 6 };

/** A forecast as a picture: what was, what is foretold with its bounds as a band, and axes with their values. */
export function forecastSvg({ title, isTime, history, forecast }: ForecastDrawing): string {
  const last = history.at(-1);
  // the forecast begins where the history ends
  const ahead = last ? [{ ...last, lower: last.value, upper: last.value }, ...forecast] : forecast;
  const points = [...history, ...forecast];
  const values = [
    ...points.map(({ value }) => value),
    ...forecast.flatMap(({ lower, upper }) => [lower, upper]).filter((bound) => bound !== undefined),
  ];
  const times = points.map(({ at }) => at);
  const [left, right] = [MARGIN.left, WIDTH - MARGIN.right];
  const domain = [Math.min(...times), Math.max(...times)];
  const x = isTime ? scaleUtc(domain, [left, right]) : scaleLinear(domain, [left, right]);
  const y = scaleLinear()
    .domain([Math.min(...values), Math.max(...values)])
    .nice()
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const path = line<DrawnPoint>(
    ({ at }) => x(at),
    ({ value }) => y(value),
  );
  const band = area<(typeof ahead)[number]>()
    .x(({ at }) => x(at))
    .y0(({ lower, value }) => y(lower ?? value))
    .y1(({ upper, value }) => y(upper ?? value));
  const format = { x: x.tickFormat(TICKS.x) as (value: number | Date) => string, y: y.tickFormat(TICKS.y) };
  const hasBounds = forecast.some(({ lower }) => lower !== undefined);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${left}" y="24" font-size="16" fill="${COLORS.text}">${escaped(title)}</text>`,
    ...y
      .ticks(TICKS.y)
      .flatMap((value) => [
        `<line x1="${left}" x2="${right}" y1="${y(value)}" y2="${y(value)}" stroke="${COLORS.grid}"/>`,
        `<text x="${left - 8}" y="${y(value) + 4}" text-anchor="end" fill="${COLORS.text}">${escaped(format.y(value))}</text>`,
      ]),
    ...(x.ticks(TICKS.x) as (number | Date)[]).map(
      (at) =>
        `<text x="${x(at)}" y="${HEIGHT - MARGIN.bottom + 20}" text-anchor="middle" fill="${COLORS.text}">${escaped(format.x(at))}</text>`,
    ),
    ...(hasBounds ? [`<path class="bounds" d="${band(ahead)}" fill="${COLORS.band}"/>`] : []),
    `<path class="history" d="${path(history) ?? ""}" fill="none" stroke="${COLORS.history}" stroke-width="1.5"/>`,
    `<path class="forecast" d="${path(ahead) ?? ""}" fill="none" stroke="${COLORS.forecast}" stroke-width="2"/>`,
    "</svg>\n",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
