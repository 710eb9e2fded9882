import { serve, type WorkerStart } from "./worker.js";

/** A worker that can be ended. */
export interface SpawnedWorker {
  terminate(): unknown;
}

interface NodeThreads {
  readonly isMainThread: boolean;
  readonly Worker: new (
    source: string,
    options: object,
  ) => SpawnedWorker & { unref(): void; on(event: "error", listener: () => void): void };
}

interface NodeHost {
  readonly process?: { getBuiltinModule?: (name: string) => unknown };
}

/** Node's own modules without an import, which no bundler for a page could resolve; undefined elsewhere, and before Node 20.16. */
function nodeModule<M>(name: string): M | undefined {
  return (globalThis as NodeHost).process?.getBuiltinModule?.(name) as M | undefined;
}

/** How many threads this host runs at once; 1 where it can have no workers that share memory. */
export function availableThreads(): number {
  if (!canSpawn()) return 1;
  const os = nodeModule<{ availableParallelism(): number }>("node:os");
  return os ? os.availableParallelism() : (globalThis.navigator?.hardwareConcurrency ?? 1);
}

/** Whether workers can share the engine's memory and their caller may wait for them: not on a page's main thread, nor on a page that isn't isolated. */
export function canSpawn(): boolean {
  if (nodeModule("node:worker_threads")) return true;
  return globalThis.crossOriginIsolated === true && !("document" in globalThis) && typeof Worker === "function";
}

/** Starts a worker of the pool. It runs beside its caller and doesn't keep a process alive. */
export function spawn(start: WorkerStart): SpawnedWorker {
  const threads = nodeModule<NodeThreads>("node:worker_threads");
  if (threads) {
    const source = `(${serve})(require("node:worker_threads").workerData)`;
    const worker = new threads.Worker(source, { eval: true, workerData: start, execArgv: [], env: {}, name: "unrolled" });
    worker.on("error", () => {}); // told by its state in memory
    worker.unref();
    return worker;
  }
  const source = new Blob([`onmessage = ({ data }) => (${serve})(data)`], { type: "text/javascript" });
  const url = URL.createObjectURL(source);
  const worker = new Worker(url, { name: "unrolled" });
  URL.revokeObjectURL(url);
  worker.postMessage(start);
  return worker;
}
