import { adam, type Batch, dense, fit, lstm, meanSquaredError, type Sequential, sequential, tensor } from "unrolled";
import { median } from "../median.js";

const [SEQUENCES, INPUTS, UNITS] = [8, 16, 64];
const [SHORT, LONG] = [128, 4096];

/** Time of a step of training, for each step of a sequence, in microseconds. */
export interface Vanishing {
  readonly short: number;
  readonly long: number;
  readonly ratio: number;
}

/**
 * Sequences whose one target stands at the end, so that a gradient goes back through every step and vanishes on the way: forget gates are
 * shut half, and after some 150 steps float32 has no normal number for it left.
 */
export async function vanishing(rounds: number): Promise<Vanishing> {
  const subjects = [SHORT, LONG].map((steps) => ({ steps, network: forgetful(), batch: batchOf(steps), times: [] as number[] }));
  for (let round = 0; round < rounds + 2; round++) {
    for (const { steps, network, batch, times } of subjects) {
      const repeats = LONG / steps;
      const began = performance.now();
      await fit(
        network,
        Array.from({ length: repeats }, () => batch),
        { loss: meanSquaredError(), optimizer: adam({ learningRate: 1e-9 }) },
      );
      if (round >= 2) times.push((1000 * (performance.now() - began)) / (repeats * steps));
    }
  }
  const [short, long] = subjects.map(({ times }) => median(times)) as [number, number];
  return { short, long, ratio: long / short };
}

function forgetful(): Sequential {
  const network = sequential([lstm({ inputSize: INPUTS, units: UNITS }), dense({ units: 1 })], { seed: 1 });
  for (const parameter of network.parameters) {
    if (parameter.name === "bias_ih_l0") parameter.write(tensor(new Float32Array(4 * UNITS).fill(-0.5), [4 * UNITS]));
    if (parameter.name !== "weight_hh_l0") continue;
    const small = parameter.read().data.map((value) => 0.1 * value);
    parameter.write(tensor(Float32Array.from(small), parameter.shape));
  }
  return network;
}

function batchOf(steps: number): Batch {
  const x = Float32Array.from({ length: SEQUENCES * steps * INPUTS }, (_, i) => Math.sin(i));
  return { x: tensor(x, [SEQUENCES, steps, INPUTS]), y: tensor(new Float32Array(SEQUENCES), [SEQUENCES, 1]) };
}
