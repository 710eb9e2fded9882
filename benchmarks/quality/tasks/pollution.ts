import type { ForecastRow } from "unrolled/tasks";
import { type ForecastData, naiveRmse, tableLines, trainAndMeasure } from "../forecast.js";
import type { QualityTask } from "../task.js";

/** Chosen on the last fifth of the training year. */
const OPTIONS = {
  // data
  targets: ["pm2.5"],
  validation: 0.2, // share of the training hours, the last ones
  batchSize: 32,
  // forecast
  context: 12, // hours read
  windowScaling: "last",
  intervals: "none",
  // model
  cell: "gru",
  units: 32,
  dropout: 0.2,
  // optimisation
  epochs: 20,
  patience: 4,
  learningRate: 2e-3, // of Adam
} as const;

const WINDS = ["NW", "cv", "NE", "SE"];
const TRAIN_HOURS = 365 * 24;

/**
 * Air pollution in Beijing, hourly, 2010 to 2014 (Liang et al. 2015): fine particles of the next hour, from those before it and the weather. As it
 * is used in tutorials: a missing value is 0, the first day is dropped, the first year trains.
 */
export const pollution: QualityTask = {
  name: "pollution",
  description: "fine particles (PM2.5) in Beijing's air in the next hour, trained on one year, tested on four, GRU",
  data: "series/pollution.csv",
  figure: "test RMSE, µg/m³",
  better: "lower",
  target: 26.56,

  async open(data) {
    const rows = (await tableLines(data, "series", "pollution.csv")).slice(24).map(rowOf);
    const parts: ForecastData = { rows, train: TRAIN_HOURS, figure: ({ rmse }) => rmse };
    return {
      options: OPTIONS,
      baselines: [{ name: "hour before", value: naiveRmse(rows, "pm2.5", TRAIN_HOURS, 1) }],
      run: (request) => trainAndMeasure(parts, OPTIONS, request),
    };
  },
};

function rowOf(cells: readonly string[]): ForecastRow {
  const [, year, month = "", day = "", hour = "", particles = "", dewPoint, temperature, pressure, wind, speed, snow, rain] =
    cells;
  const two = (part: string) => part.padStart(2, "0");
  return {
    time: `${year}-${two(month)}-${two(day)} ${two(hour)}:00`,
    values: {
      "pm2.5": particles === "NA" ? 0 : Number(particles),
      dewPoint: Number(dewPoint),
      temperature: Number(temperature),
      pressure: Number(pressure),
      windSpeed: Number(speed),
      snow: Number(snow),
      rain: Number(rain),
      ...Object.fromEntries(WINDS.map((name) => [name, name === wind ? 1 : 0])),
    },
  };
}
