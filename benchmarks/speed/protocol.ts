/**
 * What a contestant's program, in whatever language, is asked and answers. It is called with `<mode> <part> <threads>
 * <workload…>`, threads 0 for as many as it takes by itself, and introduces itself when it is prepared. Then each line of its
 * standard input is a number of milliseconds, for which it repeats its job, at least once. It answers with one JSON object a line
 * on standard output.
 */
export type Answer = { readonly introduction: Introduction } | { readonly turn: Turn } | { readonly failure: string };

/** What the program says first. */
export interface Introduction {
  readonly version: string;
  /** Engine, instructions and threads, in a few words. */
  readonly computesWith: string;
}

/** Repetitions of a job in a row. */
export interface Turn {
  /** Milliseconds of each. */
  readonly times: readonly number[];
  /** Of each: the loss before its update (training a network), else one number of the result. */
  readonly values: readonly number[];
}

/** Steps of a stream that are timed together: one alone is too short for a clock. */
export const STREAM_STEPS = 100;
