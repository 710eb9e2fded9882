import { Turns } from "../../training/turns.js";
import { cutterOf, type ForecasterParts, intervalFor } from "./plan.js";
import type { WindowPlace, Windows } from "./windows.js";

/** Windows that are read at once where nothing is trained. */
export const WINDOWS_AT_ONCE = 256;

/** Runs the network over windows, and hands each window's outputs over: where in `outputs` they begin. */
export async function eachForecast(
  { network, plan, trainedWith }: Omit<ForecasterParts, "history">,
  windows: Windows,
  visit: (place: WindowPlace, outputs: ArrayLike<number>, at: number) => void,
): Promise<void> {
  const cutter = cutterOf(trainedWith, plan);
  const turns = new Turns();
  for (let first = 0; first < windows.length; first += WINDOWS_AT_ONCE) {
    const places = Array.from({ length: Math.min(WINDOWS_AT_ONCE, windows.length - first) }, (_, index) =>
      windows.at(first + index),
    );
    const { data } = network.apply(cutter.inputs(places));
    const size = data.length / places.length;
    for (const [index, place] of places.entries()) visit(place, data, index * size);
    await turns.giveWay();
  }
}

/** The root of the mean squared error one step ahead, by target, in scaled units; 1 where nothing can be compared. */
export async function residualDeviations(parts: Omit<ForecasterParts, "history">, windows: Windows): Promise<number[]> {
  const { channels } = parts.plan;
  const interval = intervalFor(parts.trainedWith);
  const squares = channels.targets.map(() => 0);
  const counts = channels.targets.map(() => 0);
  const forecast = { value: 0, lower: 0, upper: 0 };
  await eachForecast(parts, windows, ({ series, origin, target }, outputs, at) => {
    const width = series.series.values.length;
    for (const [index, column] of channels.targets.entries()) {
      if (parts.trainedWith.apart && index !== target) continue;
      const place = origin * width + column;
      if (series.present[place] === 0) continue;
      interval.read(outputs, at + (parts.trainedWith.apart ? 0 : index) * interval.outputs, forecast);
      squares[index] = (squares[index] as number) + (forecast.value - (series.scaled[place] as number)) ** 2;
      counts[index] = (counts[index] as number) + 1;
    }
  });
  return squares.map((sum, index) => (counts[index] === 0 ? 1 : Math.max(Math.sqrt(sum / (counts[index] as number)), 1e-6)));
}
