import { workerSettings } from "../../engine/current.js";
import { UnrolledError } from "../../errors.js";
import { errorOf, failureOf } from "./failure.js";
import { startWorker, type TrainingWorker } from "./host.js";
import { warnOfOneThread } from "./one-thread.js";
import type { FromWorker, Job } from "./protocol.js";

/** What a worker is asked to do, with what stays here. */
export interface WorkerJob extends Omit<Job, "engine" | "calls"> {
  /** What the worker may call, by name. Where it awaits no answer, an error ends the job. */
  readonly calls: Readonly<Record<string, (...args: never[]) => unknown>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Has a worker train, and gives the files of the model that it made.
 *
 * @throws {UnrolledError} what the task throws, `UNROLLED_ENGINE` where the worker can't be started, `UNROLLED_THREAD` where it dies.
 */
export function runInWorker({ calls, signal, ...job }: WorkerJob): Promise<Map<string, Uint8Array>> {
  const { url, engine } = workerSettings();
  warnOfOneThread(engine);
  return new Promise((resolve, reject) => {
    let worker: TrainingWorker | undefined;
    let begun = false;
    const abort = () => worker?.post({ type: "abort" });
    const settle = (act: () => void) => {
      signal?.removeEventListener("abort", abort);
      worker?.end();
      act();
    };
    const fail = (error: unknown) => settle(() => reject(error));
    const receive = (message: FromWorker) => {
      if (message.type === "ready") begin();
      else if (message.type === "done") settle(() => resolve(message.files));
      else if (message.type === "failed") fail(errorOf(message.failure));
      else void answer(message);
    };
    const answer = async ({ name, args, id }: FromWorker & { type: "call" }) => {
      try {
        const value = await calls[name]?.(...(args as never[]));
        if (id !== undefined) worker?.post({ type: "answer", id, value });
      } catch (error) {
        if (id === undefined) fail(error);
        else worker?.post({ type: "answer", id, failure: failureOf(error) });
      }
    };
    const begin = () => {
      begun = true;
      worker?.post({ type: "job", job: { ...job, engine, calls: Object.keys(calls) } });
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort);
    };
    worker = startWorker(url, receive, (reason) => fail(begun ? died(reason) : cannotStart(reason)));
  });
}

function cannotStart(reason: string): UnrolledError {
  return new UnrolledError(
    "UNROLLED_ENGINE",
    `worker: it can't be started: ${reason}. Where its file is not found, build \`unrolled/worker\` as a file of its own and give its ` +
      "address to configure({ workerUrl }); docs/browser.md tells how for each bundler.",
  );
}

function died(reason: string): UnrolledError {
  return new UnrolledError(
    "UNROLLED_THREAD",
    `worker: it died: ${reason}. Go on from the last of the \`checkpoints\`, or train with a smaller batch or network.`,
  );
}
