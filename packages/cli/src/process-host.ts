import type { Host } from "./host.js";

/** What the system says when the other end of a pipe or terminal is gone. */
const CLOSED = new Set(["EPIPE", "EIO", "ERR_STREAM_DESTROYED"]);

/** The running process as a host, and the error that writing the results failed with, if it did. */
export function processHost(): { host: Host; resultsFailure: () => Error | undefined } {
  const closed = new AbortController();
  let failure: Error | undefined;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (!CLOSED.has(error.code ?? "")) failure ??= error;
    closed.abort();
  });
  // Messages are for a reader; without one they are not needed, and there is nowhere left to complain.
  process.stderr.on("error", () => {});

  const host: Host = {
    // opened when a command first asks for it
    get input() {
      return process.stdin;
    },
    results: process.stdout,
    messages: process.stderr,
    environment: process.env,
    now: () => performance.now(),
    resultsClosed: closed.signal,
    onInterrupt: (listener) => {
      const signals = ["SIGINT", "SIGTERM"] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
    exit: (code) => process.exit(code),
  };
  return { host, resultsFailure: () => failure };
}
