/**
 * A network and a batch to train it on: stacked LSTM layers, then a dense layer at every step, cross-entropy, Adam. The input are
 * vectors, so that no peer's way to encode symbols counts.
 */
export interface Workload {
  /** `LSTM B32 T64 I64 H64`, with `L2` at the end for two layers. */
  readonly name: string;
  /** B, sequences of the batch. */
  readonly batch: number;
  /** T, steps of a sequence. */
  readonly time: number;
  /** I, features of a step. */
  readonly inputSize: number;
  /** H, hidden units of a layer. */
  readonly units: number;
  /** L, stacked layers. */
  readonly layers: number;
  /** V, classes of the dense layer's output. */
  readonly classes: number;
  /** Of Adam. */
  readonly learningRate: number;
}

function lstmWorkload(batch: number, time: number, inputSize: number, units: number, layers = 1): Workload {
  const name = `LSTM B${batch} T${time} I${inputSize} H${units}${layers > 1 ? ` L${layers}` : ""}`;
  return { name, batch, time, inputSize, units, layers, classes: 65, learningRate: 2e-3 };
}

export const workloads: readonly Workload[] = [
  lstmWorkload(32, 64, 64, 64),
  lstmWorkload(50, 50, 128, 128, 2),
  lstmWorkload(64, 128, 128, 256),
];

/** Gates of an LSTM. */
const GATES = 4;

/**
 * Floating-point operations of a training step, counted as is usual: 3 × those of the forward pass's matrix products, since the
 * backward pass has two for each. A multiplication and an addition are two.
 */
export function trainingOperations({ batch, time, inputSize, units, layers, classes }: Workload): number {
  const rows = batch * time;
  const firstLayer = 2 * rows * GATES * units * (inputSize + units);
  const otherLayers = 2 * rows * GATES * units * (units + units) * (layers - 1);
  const output = 2 * rows * units * classes;
  return 3 * (firstLayer + otherLayers + output);
}
