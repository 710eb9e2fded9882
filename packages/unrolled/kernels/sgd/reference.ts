import type { Heap } from "../heap.js";

/**
 * Stochastic gradient descent with momentum (Polyak 1964; Nesterov as Sutskever et al. 2013; both in PyTorch's form), with
 * g = scale·gradient: v = momentum·v + g, p −= learningRate·v, or with `nesterov` p −= learningRate·(g + momentum·v). `scale` is
 * what clipping left of the gradient.
 */
export function sgd(
  heap: Heap,
  length: number,
  learningRate: number,
  momentum: number,
  nesterov: boolean,
  scale: number,
  gradient: number,
  velocity: number,
  parameter: number,
): void {
  for (let i = 0; i < length; i++) {
    const g = scale * (heap[gradient + i] as number);
    const v = momentum * (heap[velocity + i] as number) + g;
    heap[velocity + i] = v;
    (heap[parameter + i] as number) -= learningRate * (nesterov ? g + momentum * v : v);
  }
}
