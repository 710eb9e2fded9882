import { nodeThreads } from "./node-threads.js";
import type { FromPage, FromWorker } from "./protocol.js";
import { startWebWorker } from "./web-worker.js";

/** A worker, whatever the host. */
export interface TrainingWorker {
  post(message: FromPage): void;
  end(): void;
}

/** Not written where it is used, since Vite would take it for an asset there, besides the worker. */
const FILE = "./training-worker.js";

/**
 * Starts a worker; its first message is that it is ready.
 *
 * @param url its file, where it is not where bundlers put it
 * @param fail called with the reason where it can't be started, or dies
 */
export function startWorker(
  url: string | URL | undefined,
  receive: (message: FromWorker) => void,
  fail: (reason: string) => void,
): TrainingWorker | undefined {
  const threads = nodeThreads();
  if (threads) {
    const worker = new threads.Worker(url ?? new URL(FILE, import.meta.url), { name: "unrolled-training" });
    worker.on("message", receive);
    worker.on("error", ({ message }) => fail(message));
    worker.on("exit", () => fail("it ended before it was done"));
    return { post: (message) => worker.postMessage(message), end: () => void worker.terminate() };
  }
  if (typeof Worker === "function") return startWebWorker(url, receive, fail);
  fail("this host has no workers (Node has them for this from 20.16 on)");
  return undefined;
}
