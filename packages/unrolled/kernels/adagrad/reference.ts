import type { Heap } from "../heap.js";

/**
 * Adagrad (Duchi et al. 2011), with g = scale·gradient: s += g², p −= learningRate · g / (√s + ε). `scale` is what clipping left of the
 * gradient.
 */
export function adagrad(
  heap: Heap,
  length: number,
  learningRate: number,
  epsilon: number,
  scale: number,
  gradient: number,
  squares: number,
  parameter: number,
): void {
  for (let i = 0; i < length; i++) {
    const g = scale * (heap[gradient + i] as number);
    const s = (heap[squares + i] as number) + g * g;
    heap[squares + i] = s;
    (heap[parameter + i] as number) -= (learningRate * g) / (Math.sqrt(s) + epsilon);
  }
}
