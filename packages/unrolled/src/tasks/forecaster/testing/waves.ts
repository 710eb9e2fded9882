import type { Forecaster } from "../forecaster.js";
import type { ForecasterOptions } from "../options.js";
import type { ForecastRow } from "../rows.js";

/** A wave with a period of 12 steps, between 8 and 12. */
export const wave = (step: number) => 10 + 2 * Math.sin((2 * Math.PI * step) / 12);

/** Rows of the wave, at steps 0, 1, 2 … */
export function waveRows(length: number): ForecastRow[] {
  return Array.from({ length }, (_, time) => ({ time, values: { y: wave(time) } }));
}

/** Small, and quick to train. */
export const quick: ForecasterOptions = { units: 8, context: 12, season: 12, steps: 20, seed: 7, dropout: 0 };

/** All bits of a model but the time it took. */
export async function bitsOf(model: Forecaster): Promise<unknown> {
  const files = new Map<string, Uint8Array>();
  await model.save(files);
  const { history, trainedWith } = model;
  const epochs = history.epochs.map(({ seconds: _, ...record }) => record);
  return { weights: files.get("model.safetensors"), context: files.get("context.json"), trainedWith, epochs };
}
