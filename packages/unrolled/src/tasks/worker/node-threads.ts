import type { FromPage, FromWorker } from "./protocol.js";

interface NodeWorker {
  on(event: "message", listener: (message: FromWorker) => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  on(event: "exit", listener: (code: number) => void): void;
  postMessage(message: FromPage): void;
  terminate(): Promise<number>;
}

interface NodeThreads {
  readonly Worker: new (url: string | URL, options: object) => NodeWorker;
  readonly parentPort: WorkerPort | null;
}

/** The worker's end of its messages. */
export interface WorkerPort {
  onmessage: ((event: { readonly data: FromPage }) => void) | null;
  postMessage(message: FromWorker, transfer?: ArrayBufferLike[]): void;
}

/** Node's module without an import, which no bundler for a page could resolve; undefined elsewhere, and before Node 20.16. */
export function nodeThreads(): NodeThreads | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.("node:worker_threads") as NodeThreads | undefined;
}
