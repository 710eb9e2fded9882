import {
  adam,
  type Batch,
  crossEntropy,
  dense,
  engineInfo,
  fit,
  lstm,
  type Optimizer,
  type Sequential,
  sequential,
  tensor,
} from "unrolled";
import { median } from "../median.js";
import { uniformNumbers } from "../random.js";

const [INPUTS, UNITS, CLASSES] = [24, 96, 12];
const [MOST_SEQUENCES, MOST_STEPS] = [48, 160];

/** What stood at the end of a stretch of training. */
export interface Reading {
  readonly minutes: number;
  readonly steps: number;
  /** Nanoseconds for each row of a batch, the median over the stretch's steps. */
  readonly nanosecondsPerRow: number;
  readonly loss: number;
  readonly wasmMegabytes: number;
  readonly heapMegabytes: number;
  readonly residentMegabytes: number;
}

/** A bidirectional LSTM with dropout: what changes with every batch is its size, its lengths and its masks. */
export function network(): Sequential {
  const layer = lstm({ inputSize: INPUTS, units: UNITS, bidirectional: "concat", recurrentDropout: 0.2, returnSequences: true });
  return sequential([layer, dense({ units: CLASSES })], { seed: 1 });
}

/** What is trained for long, and goes on being trained. */
export interface Trainee {
  readonly network: Sequential;
  readonly optimizer: Optimizer;
  /** Draws batches. */
  readonly random: () => number;
}

export function trainee(): Trainee {
  return { network: network(), optimizer: adam({ learningRate: 1e-3 }), random: uniformNumbers(1) };
}

/** Trains for a while on batches of all sizes and lengths, and reads memory and speed every so often. */
export async function train(
  { network, optimizer, random }: Trainee,
  minutes: number,
  every = minutes,
  say: (reading: Reading) => void = () => undefined,
): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  const began = performance.now();
  let rows = 1;
  let last = began;
  let times: number[] = [];
  async function* batches(): AsyncGenerator<Batch> {
    while (performance.now() - began < 60_000 * minutes) {
      const batch = nextBatch(random);
      rows = batch.lengths.reduce((sum, length) => sum + length, 0);
      last = performance.now();
      yield await Promise.resolve(batch);
    }
  }
  await fit(network, batches, {
    loss: crossEntropy(),
    optimizer,
    clipNorm: 1,
    onProgress: ({ step, meanLoss }) => {
      const now = performance.now();
      times.push((1e6 * (now - last)) / rows);
      const passed = (now - began) / 60_000;
      if (passed < (readings.length + 1) * every) return;
      const { heapUsed, rss } = process.memoryUsage();
      const [wasmMegabytes, heapMegabytes, residentMegabytes] = [engineInfo().memoryBytes, heapUsed, rss].map((b) => b / 1e6);
      const reading = { minutes: passed, steps: step, nanosecondsPerRow: median(times), loss: meanLoss };
      const memory = { wasmMegabytes, heapMegabytes, residentMegabytes } as Pick<
        Reading,
        "wasmMegabytes" | "heapMegabytes" | "residentMegabytes"
      >;
      readings.push({ ...reading, ...memory });
      times = [];
      say({ ...reading, ...memory });
    },
  });
  return readings;
}

function nextBatch(random: () => number): Batch & { lengths: number[] } {
  const sequences = 1 + Math.floor(random() * MOST_SEQUENCES);
  const steps = 1 + Math.floor(random() * MOST_STEPS);
  const lengths = Array.from({ length: sequences }, () => 1 + Math.floor(random() * steps));
  const x = Float32Array.from({ length: sequences * steps * INPUTS }, () => random() - 0.5);
  const y = Int32Array.from({ length: sequences * steps }, (_, row) => ((x[row * INPUTS] ?? 0) > 0 ? 1 : 0));
  return { x: tensor(x, [sequences, steps, INPUTS]), y: tensor(y, [sequences, steps]), lengths };
}
