/**
 * The program of a training worker: `unrolled/worker`. It exports nothing; a page's `worker: true` starts it and talks to it.
 *
 * @module unrolled/worker
 */

import { configure } from "../../engine/current.js";
import { spareThreadFile, type ThreadMessage } from "../../engine/threads/spawn.js";
import { serve } from "../../engine/threads/worker.js";
import { failureOf } from "./failure.js";
import { nodeThreads, type WorkerPort } from "./node-threads.js";
import { PageCalls } from "./page-calls.js";
import type { FromPage, Job } from "./protocol.js";
import { tasks } from "./tasks.js";
import { trainForPage } from "./train-for-page.js";

const port = nodeThreads()?.parentPort ?? (globalThis as unknown as WorkerPort);
const aborting = new AbortController();
let page: PageCalls | undefined;

port.onmessage = ({ data }: { readonly data: FromPage | ThreadMessage }) => {
  if (data.type === "thread") serve(data.start);
  else if (data.type === "job") void run(data.job);
  else if (data.type === "abort") aborting.abort();
  else page?.answer(data);
};
if (globalThis.location) spareThreadFile(location.href);
port.postMessage({ type: "ready" });

async function run({ task, engine, data, options, calls }: Job): Promise<void> {
  try {
    page = new PageCalls(port, calls, aborting.signal);
    await configure(engine);
    const train = tasks[task];
    if (!train) throw new Error(`worker: there is no task ${task}; page and worker are of different versions.`);
    const files = await trainForPage(train, data, options, page);
    port.postMessage(
      { type: "done", files },
      Array.from(files.values(), ({ buffer }) => buffer),
    );
  } catch (error) {
    port.postMessage({ type: "failed", failure: failureOf(error) });
  }
}
