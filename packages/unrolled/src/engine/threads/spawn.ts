import { serve, type WorkerStart } from "./worker.js";

/** A worker that can be ended. */
export interface SpawnedWorker {
  terminate(): unknown;
  /** Whether it lives, told at once while the caller lets no event in; undefined where the host can't tell. */
  lives(): boolean | undefined;
}

interface NodeThreads {
  readonly Worker: new (
    source: string,
    options: object,
  ) => { terminate(): unknown; unref(): void; on(event: "error" | "exit", listener: () => void): void };
  readonly MessageChannel: new () => Record<"port1" | "port2", { postMessage(message: unknown): unknown; unref(): void }>;
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

/** What a page's worker is sent first. */
export interface ThreadMessage {
  readonly type: "thread";
  readonly start: WorkerStart;
}

let spareFile: string | undefined;

/**
 * Names a file for the pool's workers that hands a `ThreadMessage` to `serve`: where a page's content security policy lets no worker run
 * from a text.
 */
export function spareThreadFile(url: string): void {
  spareFile = url;
}

/** Starts a worker of the pool. It runs beside its caller and doesn't keep a process alive. */
export function spawn(start: WorkerStart): SpawnedWorker {
  const threads = nodeModule<NodeThreads>("node:worker_threads");
  if (threads) {
    const source = `(${serve})(require("node:worker_threads").workerData.start)`;
    const { port1: here, port2: there } = new threads.MessageChannel();
    const worker = new threads.Worker(source, {
      eval: true,
      workerData: { start, there },
      transferList: [there],
      execArgv: [],
      env: {},
      name: "unrolled",
    });
    let ended = false;
    worker.on("exit", () => {
      ended = true;
    });
    worker.on("error", () => {}); // told by its state in memory
    worker.unref();
    here.unref();
    return { terminate: () => worker.terminate(), lives: () => !ended && answered(here.postMessage(0)) };
  }
  const source = new Blob([`onmessage = ({ data }) => (${serve})(data.start)`], { type: "text/javascript" });
  const url = URL.createObjectURL(source);
  const message: ThreadMessage = { type: "thread", start };
  let worker = new Worker(url, { name: "unrolled" });
  worker.onerror = () => {
    if (spareFile === undefined) return;
    worker = new Worker(spareFile, { type: "module", name: "unrolled" });
    worker.postMessage(message);
  };
  URL.revokeObjectURL(url);
  worker.postMessage(message);
  return { terminate: () => worker.terminate(), lives: () => undefined };
}

/** Node's ports answer whether there is anyone at the other end, which no document promises. */
function answered(answer: unknown): boolean | undefined {
  return typeof answer === "boolean" ? answer : undefined;
}
