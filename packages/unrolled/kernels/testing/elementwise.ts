import type { Kernels } from "../../src/engine/kernels.js";
import { FIRST_ADDRESS, type KernelBuild } from "./instantiate.js";

/** A kernel y[i] = f(x[i]). */
export type ElementwiseKernel = keyof Kernels & ("exp" | "log" | "sigmoid" | "tanh");

/** f(x) by a kernel, as one range. */
export function evaluate(build: KernelBuild, kernel: ElementwiseKernel, x: Float32Array): Float32Array {
  const { kernels, elements } = build.instantiate(2 * x.length);
  const [from, to] = [FIRST_ADDRESS, FIRST_ADDRESS + x.length];
  elements.set(x, from);
  kernels[kernel](x.length, from, to);
  return elements.slice(to, to + x.length);
}

/** f(x) by a kernel for one number. */
export function evaluateAt(build: KernelBuild, kernel: ElementwiseKernel, x: number): number {
  return evaluate(build, kernel, Float32Array.of(x))[0] as number;
}

/**
 * Of every exponent and sign 1024 floats, spread evenly over the mantissas: so zeros, infinities, NaNs of many bit patterns and
 * subnormals are among them.
 */
export function floatRange(): Float32Array {
  const mantissas = 1024;
  const bits = new Uint32Array(512 * mantissas);
  for (let signAndExponent = 0; signAndExponent < 512; signAndExponent++) {
    for (let i = 0; i < mantissas; i++) {
      // Multiples of the golden ratio, whose fractions fill an interval evenly without a period; the first is 0.
      const mantissa = Math.imul(i + mantissas * signAndExponent * Math.sign(i), 0x9e3779b1) & 0x7fffff;
      bits[signAndExponent * mantissas + i] = signAndExponent * 2 ** 23 + mantissa;
    }
  }
  return new Float32Array(bits.buffer);
}

/** The largest error of y = f(x), and the x it occurs at. A NaN, or an infinity, where another value is due is an infinite error. */
export function largestError(
  x: Float32Array,
  y: Float32Array,
  exact: (x: number) => number,
  kind: "absolute" | "relative",
): { error: number; x: number } {
  let largest = { error: 0, x: 0 };
  x.forEach((value, i) => {
    const error = errorOf(y[i] as number, exact(value), kind);
    if (error > largest.error) largest = { error, x: value };
  });
  return largest;
}

function errorOf(actual: number, exact: number, kind: "absolute" | "relative"): number {
  if (Object.is(actual, exact) || actual === exact) return 0;
  const error = Math.abs(actual - exact) / (kind === "relative" ? Math.abs(exact) : 1);
  return Number.isNaN(error) ? Infinity : error;
}
