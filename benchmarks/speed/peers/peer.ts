import type { Batch } from "../batch.js";
import type { Workload } from "../cases.js";

/** One side of a comparison. It has a process of its own, which prepares one workload. */
export interface Peer {
  readonly version: string;
  /** Makes the workload's network, on the fastest engine that its users get without building anything. */
  prepare(workload: Workload, batch: Batch): Promise<Prepared>;
}

export interface Prepared {
  /** Engine, instructions and threads, in a few words. */
  readonly computesWith: string;
  /** Trains once: forward, backward, optimizer; gives the loss before the update, in nats a step of a sequence. */
  readonly step: () => Promise<number>;
}
