import { exitCode } from "../exit-code.js";
import type { Host } from "../host.js";

/** Two signals within this time are one key press: npm hands on to its child what the terminal has already sent there. */
const ONE_PRESS_MS = 200;

export interface Interrupts {
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** From here on Ctrl-C ends the process as it does everywhere. */
  stop(): void;
}

/**
 * Ctrl-C once: `signal` aborts and `onFirst` is called; the work at hand ends in its own order. Twice: `onSecond` is called and
 * the process leaves at once.
 */
export function listenForInterrupts(
  host: Host,
  { onFirst, onSecond }: { onFirst: () => void; onSecond: () => void },
): Interrupts {
  const controller = new AbortController();
  let firstAt = 0;
  const stop = host.onInterrupt(() => {
    if (!controller.signal.aborted) {
      firstAt = host.now();
      controller.abort();
      onFirst();
    } else if (host.now() - firstAt > ONE_PRESS_MS) {
      onSecond();
      host.exit(exitCode.interrupted);
    }
  });
  return { signal: controller.signal, stop };
}
