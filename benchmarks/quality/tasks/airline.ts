import { type ForecastData, naiveRmse, tableLines, trainAndMeasure } from "../forecast.js";
import type { QualityTask } from "../task.js";

/** Chosen on the last quarter of the training months. */
const OPTIONS = {
  // data
  validation: 0.25, // share of the training months, the last ones
  batchSize: 16,
  // forecast
  context: 13, // months read
  scaling: "log",
  windowScaling: "last",
  intervals: "none",
  // model
  cell: "gru",
  units: 16,
  dropout: 0.1,
  // optimisation
  epochs: 300,
  patience: 50,
  learningRate: 5e-3, // of Adam
} as const;

const TEST_SHARE = 0.33;

/** Monthly airline passengers 1949 to 1960, thousands (Box & Jenkins): each month of the last third, from those before it. */
export const airline: QualityTask = {
  name: "airline",
  description: "airline passengers of the next month, the last third of 144 months, GRU",
  data: "series/airline-passengers.csv",
  figure: "test RMSE, thousand passengers",
  better: "lower",
  target: 41.85,

  async open(data) {
    const lines = await tableLines(data, "series", "airline-passengers.csv");
    const rows = lines.map(([month = "", passengers]) => ({ time: month, values: { passengers: Number(passengers) } }));
    const train = Math.floor(rows.length * (1 - TEST_SHARE));
    const parts: ForecastData = { rows, train, figure: ({ rmse }) => rmse };
    return {
      options: OPTIONS,
      baselines: [
        { name: "month before", value: naiveRmse(rows, "passengers", train, 1) },
        { name: "same month of the year before", value: naiveRmse(rows, "passengers", train, 12) },
      ],
      run: (request) => trainAndMeasure(parts, OPTIONS, request),
    };
  },
};
