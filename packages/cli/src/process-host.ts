import type { Host } from "./host.js";

/** What the system says when the other end of a pipe or terminal is gone. */
const CLOSED = new Set(["EPIPE", "EIO", "ERR_STREAM_DESTROYED"]);

interface ProcessHost {
  readonly host: Host;
  /** The error that writing the results failed with, if it did. */
  readonly resultsFailure: () => Error | undefined;
  /** Reads no more, where something was read at all: whoever still waits for more keeps the process from its end. */
  readonly closeInput: () => void;
}

/** The running process as a host. */
export function processHost(): ProcessHost {
  const closed = new AbortController();
  let failure: Error | undefined;
  let input: NodeJS.ReadStream | undefined;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (!CLOSED.has(error.code ?? "")) failure ??= error;
    closed.abort();
  });
  // Messages are for a reader; without one they are not needed, and there is nowhere left to complain.
  process.stderr.on("error", () => {});

  const host: Host = {
    // opened when a command first asks for it
    get input() {
      input = process.stdin;
      return input;
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
  return { host, resultsFailure: () => failure, closeInput: () => input?.destroy() };
}
