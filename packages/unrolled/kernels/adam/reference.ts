import type { Heap } from "../heap.js";

/**
 * Adam (Kingma & Ba 2015): g = scale·gradient, m = β₁m + (1−β₁)g, v = β₂v + (1−β₂)g², p = shrink·p − stepSize · m / (√v·rootCorrection + ε)
 * with stepSize = learningRate / (1−β₁ᵗ) and rootCorrection = 1 / √(1−β₂ᵗ). `scale` is what clipping left of the gradient; `shrink` is
 * 1, or 1 − learningRate·weightDecay where the weights decay apart from the gradient (AdamW, Loshchilov & Hutter 2019).
 */
export function adam(
  heap: Heap,
  length: number,
  stepSize: number,
  beta1: number,
  beta2: number,
  rootCorrection: number,
  epsilon: number,
  shrink: number,
  scale: number,
  gradient: number,
  m: number,
  v: number,
  parameter: number,
): void {
  for (let i = 0; i < length; i++) {
    const g = scale * (heap[gradient + i] as number);
    const first = beta1 * (heap[m + i] as number) + (1 - beta1) * g;
    const second = beta2 * (heap[v + i] as number) + (1 - beta2) * g * g;
    heap[m + i] = first;
    heap[v + i] = second;
    const step = (stepSize * first) / (Math.sqrt(second) * rootCorrection + epsilon);
    heap[parameter + i] = shrink * (heap[parameter + i] as number) - step;
  }
}
