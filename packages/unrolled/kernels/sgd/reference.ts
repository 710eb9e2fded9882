import type { Heap } from "../heap.js";

/**
 * Stochastic gradient descent with momentum (Polyak 1964, in PyTorch's form): v = momentum·v + scale·g, p −= learningRate·v.
 * `scale` is what clipping left of the gradient.
 */
export function sgd(
  heap: Heap,
  length: number,
  learningRate: number,
  momentum: number,
  scale: number,
  gradient: number,
  velocity: number,
  parameter: number,
): void {
  for (let i = 0; i < length; i++) {
    const v = momentum * (heap[velocity + i] as number) + scale * (heap[gradient + i] as number);
    heap[velocity + i] = v;
    (heap[parameter + i] as number) -= learningRate * v;
  }
}
