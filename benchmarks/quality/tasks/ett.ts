import type { ForecastRow } from "unrolled/tasks";
import { type ForecastData, tableLines, trainAndMeasure } from "../forecast.js";
import type { QualityTask } from "../task.js";

/** Chosen on the validation months. */
const OPTIONS = {
  // data
  batchSize: 32,
  // forecast
  horizon: 24,
  context: 168, // a week of hours is read
  patch: 24, // a day at once
  calendar: ["hour"],
  windowScaling: "last",
  intervals: "none",
  loss: "huber",
  // model
  cell: "gru",
  units: 32,
  dropout: 0.5,
  // optimisation
  epochs: 8,
  patience: 3,
  learningRate: 1e-3, // of Adam
} as const;

const COLUMNS = ["HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"];
/** Months of 30 days, as Zhou et al. (2021) split them. */
const [TRAIN, VALIDATION, TEST] = [12 * 30 * 24, 4 * 30 * 24, 4 * 30 * 24];
const EVERY = 7;

/**
 * Electricity transformer temperature, hourly (Zhou et al. 2021, ETTh1): all seven variables of the next 24 hours, standardised by the training
 * months; windows begin at every seventh hour of the test months.
 */
export const ett: QualityTask = {
  name: "ett",
  description: "loads and oil temperature of a transformer over the next 24 hours (ETTh1, all variables, every 7th window), GRU",
  data: "ett/ETTh1.csv",
  figure: "test MSE, standardised",
  better: "lower",
  target: 0.35,

  async open(data) {
    const lines = (await tableLines(data, "ett", "ETTh1.csv")).slice(0, TRAIN + VALIDATION + TEST);
    const rows = lines.map(([date = "", ...cells]): ForecastRow => {
      return { time: date, values: Object.fromEntries(cells.map((cell, column) => [COLUMNS[column], Number(cell)])) };
    });
    const parts: ForecastData = {
      rows,
      train: TRAIN,
      validation: VALIDATION,
      every: EVERY,
      figure: ({ scaled }) => scaled.rmse ** 2,
    };
    return {
      options: OPTIONS,
      baselines: [
        { name: "last value", value: naiveMse(rows, (ahead) => ahead + 1) },
        { name: "last day", value: naiveMse(rows, () => 24) },
      ],
      run: (request) => trainAndMeasure(parts, OPTIONS, request),
    };
  },
};

/** Of a forecast from the rows some hours back, on the windows that are tested. */
function naiveMse(rows: readonly ForecastRow[], hoursBack: (ahead: number) => number): number {
  let sum = 0;
  let count = 0;
  for (const column of COLUMNS) {
    const values = rows.map((row) => row.values[column] ?? 0);
    const deviation = deviationOf(values.slice(0, TRAIN));
    for (let origin = TRAIN + VALIDATION; origin + OPTIONS.horizon <= rows.length; origin += EVERY) {
      for (let ahead = 0; ahead < OPTIONS.horizon; ahead++) {
        const step = origin + ahead;
        const error = ((values[step] as number) - (values[step - hoursBack(ahead)] as number)) / deviation;
        sum += error * error;
        count++;
      }
    }
  }
  return sum / count;
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
