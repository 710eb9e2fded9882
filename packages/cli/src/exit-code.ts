import { UnrolledError } from "unrolled";

/** What the command answers to the shell. */
export const exitCode = {
  done: 0,
  /** It could not be done: an unreadable model, a full disk, a training whose loss is no number. */
  failed: 1,
  /** Wrong arguments or data: asking again in the same way gives the same answer. */
  usage: 2,
  /** Ctrl-C, after the model was saved. */
  interrupted: 130,
} as const;

/** The answer to an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof UnrolledError)) return exitCode.failed;
  return error.code === "UNROLLED_DATA" || error.code === "UNROLLED_VALUE" ? exitCode.usage : exitCode.failed;
}
