import type { Heap } from "../heap.js";

/**
 * RMSprop (Tieleman & Hinton 2012, with momentum as in PyTorch), with g = scale·gradient: s = ρs + (1−ρ)g², v = momentum·v + g / (√s + ε),
 * p −= learningRate·v. `scale` is what clipping left of the gradient.
 */
export function rmsprop(
  heap: Heap,
  length: number,
  learningRate: number,
  rho: number,
  momentum: number,
  epsilon: number,
  scale: number,
  gradient: number,
  meanSquare: number,
  velocity: number,
  parameter: number,
): void {
  for (let i = 0; i < length; i++) {
    const g = scale * (heap[gradient + i] as number);
    const s = rho * (heap[meanSquare + i] as number) + (1 - rho) * g * g;
    const v = momentum * (heap[velocity + i] as number) + g / (Math.sqrt(s) + epsilon);
    heap[meanSquare + i] = s;
    heap[velocity + i] = v;
    (heap[parameter + i] as number) -= learningRate * v;
  }
}
