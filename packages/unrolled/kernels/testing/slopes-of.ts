const STEP = 1e-5;

/** The derivative of a value by each of `inputs`, by central finite differences; `value` reads `inputs` as they are. */
export function slopesOf(inputs: Float64Array, value: () => number): number[] {
  return Array.from(inputs, (input, i) => {
    inputs[i] = input + STEP;
    const above = value();
    inputs[i] = input - STEP;
    const below = value();
    inputs[i] = input;
    return (above - below) / (2 * STEP);
  });
}
