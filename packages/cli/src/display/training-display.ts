import type { StepProgress } from "unrolled/tasks";
import type { Host, OutputStream } from "../host.js";
import { colorsFor } from "./colors.js";
import { LiveDisplay } from "./live-display.js";
import { PlainDisplay } from "./plain-display.js";

/** What a display shows of a training after one of its steps, whatever the task. */
export interface TrainingProgress extends StepProgress {
  /** The task's own metrics on the validation data, the newest, by name; fractions such as the accuracy. */
  readonly validationMetrics?: Readonly<Record<string, number>> | undefined;
  /** What is trained on, in the plural: "characters". */
  readonly unit: string;
  /** How many of them a second. */
  readonly perSecond: number;
}

/** Shows a training while it runs. */
export interface TrainingDisplay {
  /**
   * To be called after every step; decides for itself when to draw, and when to ask for a sample of the model's writing, of tasks
   * that write.
   */
  update(progress: TrainingProgress, sample?: () => string): void;
  /** Shows a sentence that the reader should not miss. */
  notice(text: string): void;
  /** Shows the newest state once more and gives the terminal back. May be called twice. */
  finish(): void;
}

/**
 * A display that is redrawn in place if there is a terminal, and otherwise lines on standard error. Standard error is asked first,
 * so that results can be redirected; where results alone go to a terminal, the display stands there, unless `json` keeps it free.
 */
export function trainingDisplay(host: Host, { json }: { json: boolean }): TrainingDisplay {
  const { messages, results, environment } = host;
  const isTerminal = (stream: OutputStream) => stream.isTTY === true && environment.TERM !== "dumb";
  const terminal = isTerminal(messages) ? messages : isTerminal(results) && !json ? results : undefined;
  return terminal === undefined
    ? new PlainDisplay(messages, host.now)
    : new LiveDisplay(terminal, host.now, colorsFor(terminal, environment));
}
