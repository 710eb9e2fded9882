import { availableParallelism } from "node:os";
import { type Race, race } from "../speed/measure.js";
import type { PeerEntry } from "../speed/peers/registry.js";
import { workload } from "../speed/workload.js";

/** What grows. */
export type Quantity = "T" | "B" | "H" | "threads";

/** A training step's time at one value of what grows. */
export interface GrowthPoint {
  readonly quantity: Quantity;
  readonly value: number;
  readonly race: Race;
}

interface Growth {
  readonly quantity: Quantity;
  readonly values: readonly number[];
  readonly nameOf: (value: number) => string;
}

export const growths: readonly Growth[] = [
  { quantity: "T", values: [32, 128, 512, 2048, 4096], nameOf: (value) => `LSTM B16 T${value} I128 H128` },
  { quantity: "B", values: [1, 4, 16, 64, 256], nameOf: (value) => `LSTM B${value} T64 I128 H128` },
  { quantity: "H", values: [32, 64, 128, 256, 512, 1024], nameOf: (value) => `LSTM B32 T64 I128 H${value}` },
  { quantity: "threads", values: threadCounts(), nameOf: () => "LSTM B64 T128 I128 H256" },
];

/** Where the peers that keep up are compared. */
export const DEFAULT_PEERS: readonly string[] = ["onednn", "pytorch"];

const ROUNDS = 2;

export async function measureGrowth(
  peers: readonly PeerEntry[],
  {
    quantities,
    rounds = ROUNDS,
  }: { readonly quantities?: readonly string[] | undefined; readonly rounds?: number | undefined } = {},
): Promise<readonly GrowthPoint[]> {
  const points: GrowthPoint[] = [];
  for (const { quantity, values, nameOf } of growths) {
    if (quantities && !quantities.includes(quantity)) continue;
    for (const value of values) {
      const name = nameOf(value);
      process.stderr.write(`${name}, ${quantity} ${value} …\n`);
      const threads = quantity === "threads" ? value : 0;
      points.push({ quantity, value, race: await race({ workload: workload(name), mode: "train" }, { peers, rounds, threads }) });
    }
  }
  return points;
}

/** 1, 2, 4 and so on, and all cores. */
function threadCounts(): number[] {
  const cores = availableParallelism();
  const counts = Array.from({ length: Math.floor(Math.log2(cores)) + 1 }, (_, power) => 2 ** power);
  return [...new Set([...counts, cores])];
}
