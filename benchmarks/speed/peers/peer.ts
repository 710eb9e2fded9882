import type { Batch } from "../batch.js";
import type { Job } from "../workload.js";

/** The adapter of a side that runs in Node. It has a process of its own, which prepares one job. */
export interface Peer {
  readonly version: string;
  /**
   * Makes the job's network, on the fastest engine that its users get without building anything.
   *
   * @param threads 0 for as many as the peer takes by itself
   */
  prepare(job: Job, batch: Batch, threads: number): Promise<Prepared>;
}

export interface Prepared {
  /** Engine, instructions and threads, in a few words. */
  readonly computesWith: string;
  /** Does the job once. Training a network gives the loss before the update, all else one number of the result. */
  readonly run: () => Promise<number> | number;
  /**
   * Of how many equal parts `run` does one, for a peer that can't take a whole batch: its time counts so many times. Default 1.
   */
  readonly partsOfJob?: number;
}
