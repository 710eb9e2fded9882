/** A forecaster: hourly temperatures with gaps, the next day with bounds, and readings that can't be right. */
import { Forecaster } from "unrolled/tasks";

// a day's course and a slow swing, with weather that stays a while; every 50th hour nothing was measured
let weather = 0;
const hash = (t: number) => (Math.sin(t * 12.9898) * 43758.5453) % 1; // between -1 and 1, no two hours alike
const rows = Array.from({ length: 24 * 50 }, (_, hour) => {
  weather = 0.9 * weather + 0.8 * hash(hour);
  const degrees = 12 + 5 * Math.sin((2 * Math.PI * hour) / 24) + 3 * Math.sin((2 * Math.PI * hour) / 500) + weather;
  return { time: new Date(Date.UTC(2024, 2, 1, hour)), values: { degrees: hour % 50 === 0 ? null : degrees } };
});
const [known, later] = [rows.slice(0, 24 * 40), rows.slice(24 * 40)];

const options = { horizon: 24, context: 48, epochs: 8, batchSize: 64, learningRate: 0.005, seed: 7 };
const model = await Forecaster.train(known, { ...options, onNotice: console.log });

for (const { time, values, lower, upper } of (await model.predict()).filter((_, hour) => hour % 6 === 0)) {
  const bounds = `${lower?.degrees?.toFixed(1)} to ${upper?.degrees?.toFixed(1)}`;
  console.log(`${(time as Date).toISOString().slice(0, 16)}  ${values.degrees?.toFixed(1)} degrees, ${bounds}`);
}

const { mae, mase, coverage, baseline } = await model.evaluate(rows, { from: later[0]?.time ?? 0 });
console.log(`mean error ${mae.toFixed(2)} degrees, ${mase.toFixed(2)} of yesterday's temperature where it was trained`);
console.log(
  `yesterday's temperature ${baseline.seasonalNaive.mae.toFixed(2)}, the last one ${baseline.lastValue.mae.toFixed(2)}`,
);
console.log(`within its bounds: ${((coverage ?? 0) * 100).toFixed(0)} %`);

const stream = model.stream();
for (const [hour, row] of rows.slice(24 * 38).entries()) {
  const wrong = hour === 100 ? 9 : hour === 180 ? -9 : 0; // a sensor that errs twice
  const degrees = row.values.degrees === null ? null : row.values.degrees + wrong;
  const { score = 0 } = stream.step({ time: row.time, values: { degrees } });
  if (score > 8) console.log(`hour ${hour}: ${degrees?.toFixed(1)} degrees is unexpected, ${score.toFixed(1)} deviations off`);
}
