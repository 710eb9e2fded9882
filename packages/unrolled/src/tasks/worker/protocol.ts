import type { ConfigureOptions } from "../../engine/current.js";
import type { ErrorCode } from "../../errors.js";
import type { PortableOptions } from "./train-in-worker.js";

/** What a worker is asked to do. All of it can be cloned. */
export interface Job {
  /** Which task: a name of `tasks.ts`. */
  readonly task: string;
  /** What its engine is configured with: as on the page. */
  readonly engine: ConfigureOptions;
  /** What is trained on. */
  readonly data: unknown;
  /** The task's options, those that can be cloned. */
  readonly options: PortableOptions;
  /** Names of the functions that the page answers for. */
  readonly calls: readonly string[];
}

/** What went wrong on the other side. */
export interface Failure {
  /** Where it was an `UnrolledError`. */
  readonly code?: ErrorCode;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

export type FromPage =
  | { readonly type: "job"; readonly job: Job }
  | { readonly type: "abort" }
  | { readonly type: "answer"; readonly id: number; readonly value?: unknown; readonly failure?: Failure };

export type FromWorker =
  /** The first one: now it can be given its job. */
  | { readonly type: "ready" }
  /** A call of one of the page's functions; one without `id` waits for no answer. */
  | { readonly type: "call"; readonly name: string; readonly args: readonly unknown[]; readonly id?: number }
  | { readonly type: "done"; readonly files: Map<string, Uint8Array> }
  | { readonly type: "failed"; readonly failure: Failure };
