import { dense, evaluate, linear, tensor } from "unrolled";

const [ROWS, INPUTS, UNITS] = [64, 256, 1024];
const PRODUCTS = 10;
const MILLISECONDS = 200;

/** Billions of floating-point operations a second in a product of a batch and a layer's weights, at best: what bounds the speed of training. */
export function productSpeed(): number {
  const [weight, bias] = dense({ inputSize: INPUTS, units: UNITS }).parameters;
  if (!weight || !bias) return 0;
  const x = tensor(new Float32Array(ROWS * INPUTS).fill(0.5), [ROWS, INPUTS]);
  let best = Infinity;
  // For a while, since V8 first runs Wasm that it has compiled in haste.
  for (const began = performance.now(); performance.now() - began < MILLISECONDS; ) {
    evaluate(() => {
      const start = performance.now();
      for (let product = 0; product < PRODUCTS; product++) linear(x, weight, bias);
      best = Math.min(best, (performance.now() - start) / PRODUCTS);
    });
  }
  return (2 * ROWS * INPUTS * UNITS) / best / 1e6;
}
