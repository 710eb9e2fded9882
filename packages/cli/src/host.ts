/** A stream that a command writes to; `isTTY` and a size when it is a terminal. */
export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

/** A stream that a command reads from; `isTTY` when it is a terminal, where somebody would have to type. */
export type InputStream = AsyncIterable<Uint8Array> & { readonly isTTY?: boolean | undefined };

/** All that the commands take from the process they run in, handed in so that a test can give its own. */
export interface Host {
  /** Standard input. */
  readonly input: InputStream;
  /** Standard output, for results. */
  readonly results: OutputStream;
  /** Standard error, for everything else. */
  readonly messages: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds on a clock that never jumps. */
  readonly now: () => number;
  /** Aborts when nobody reads the results any more. */
  readonly resultsClosed: AbortSignal;
  /** Calls the listener at every Ctrl-C (or request to end) instead of leaving, until the returned function is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Leaves at once. */
  readonly exit: (code: number) => void;
}
