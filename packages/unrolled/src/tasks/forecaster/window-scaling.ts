/**
 * What each window is brought to before it is read, and its forecast brought back from (Kim et al. 2022, without learned parameters):
 * - `none`: nothing;
 * - `last`: its last value is subtracted;
 * - `mean`: its mean is subtracted;
 * - `standard`: its mean is subtracted, and it is divided by its deviation.
 */
export type WindowScaling = "none" | "last" | "mean" | "standard";

export const WINDOW_SCALINGS: readonly WindowScaling[] = ["none", "last", "mean", "standard"];

/** Under which a window counts as one that doesn't change, in deviations of the part that was trained on. */
const LEAST_DEVIATION = 0.01;

/** What is subtracted from a window, and what it is divided by then. */
export interface WindowScale {
  location: number;
  deviation: number;
}

/**
 * Measures a window.
 *
 * @param values with a stride, those that are missing left out by `present`
 * @param out is written, so that no window leaves garbage
 */
export function measureWindow(
  kind: WindowScaling,
  values: Float32Array,
  present: Uint8Array,
  start: number,
  length: number,
  stride: number,
  offset: number,
  out: WindowScale,
): void {
  out.location = 0;
  out.deviation = 1;
  if (kind === "none") return;
  let count = 0;
  let mean = 0;
  let squares = 0;
  let last = 0;
  for (let step = start; step < start + length; step++) {
    const place = step * stride + offset;
    if (present[place] === 0) continue;
    last = values[place] as number;
    const distance = last - mean;
    mean += distance / ++count;
    squares += distance * (last - mean);
  }
  if (count === 0) return;
  out.location = kind === "last" ? last : mean;
  if (kind === "standard") out.deviation = Math.max(Math.sqrt(squares / count), LEAST_DEVIATION);
}
