import { WeightCopy } from "./weight-copy.js";

/**
 * The exponential moving average of a network's weights over steps (Polyak & Juditsky 1992): average = d·average + (1−d)·weights with
 * d = min(decay, (1 + step) / (10 + step)), so that the first weights are soon forgotten (as TensorFlow's `ExponentialMovingAverage`).
 */
export class WeightAverage extends WeightCopy {
  /** After a step; `step` counts from 1. */
  follow(decay: number, step: number): void {
    this.approach(Math.min(decay, (1 + step) / (10 + step)));
  }
}
