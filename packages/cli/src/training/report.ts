import { count, duration } from "../display/quantities.js";
import { exitCode } from "../exit-code.js";
import type { Host } from "../host.js";
import type { TrainedModel, TrainingRun } from "./training-run.js";

/** How well a model does on each part of its data, and what the naive baselines come to, by the metrics' names. */
interface Measured {
  readonly metrics: Readonly<Record<string, object>>;
  readonly baseline: Readonly<Record<string, object>>;
}

/** To whom a report is written. */
export interface Audience {
  /** Where the model is. */
  readonly folder: string;
  /** How the user calls this command. */
  readonly program: string;
  /** Characters on a line. */
  readonly width: number;
}

/** "Stopped at step 12 of 300; …": what whoever pressed Ctrl-C is told. */
export function stoppedAt({ step, steps }: TrainingRun): string {
  return `Stopped at step ${count(step)}${steps === undefined ? "" : ` of ${count(steps)}`}; the same command with --resume goes on from there.`;
}

/** Where the model is, and what to do next with it. */
export function savedIn({ model, seconds }: TrainingRun, folder: string, next: string): string[] {
  return [
    `Saved in ${folder}: ${count(model.parameterCount)} parameters, trained for ${duration(seconds)}. ${next.split("\n")[0]}`,
    ...next.split("\n").slice(1),
  ];
}

/** The JSON object that the command line promises, on one line. */
export function reportAsJson(run: TrainingRun, { metrics, baseline }: Measured, folder: string): string {
  const { history } = run.model;
  return JSON.stringify({
    task: run.model.task,
    parameters: run.model.parameterCount,
    epochs: run.epoch,
    steps: run.step,
    metrics,
    baseline,
    seconds: Math.round(run.seconds * 1000) / 1000,
    interrupted: run.interrupted,
    ...(history.best === undefined ? {} : { bestEpoch: history.best.epoch }),
    model: folder,
  });
}

/**
 * Ends a command that trains: writes what `report` makes of the run, of which there is none where training was stopped before its first
 * step, and gives the exit code.
 */
export async function finishTraining<M extends TrainedModel>(
  host: Host,
  run: TrainingRun<M> | undefined,
  report: (run: TrainingRun<M>) => Promise<string>,
): Promise<number> {
  host.messages.write("\n");
  if (run === undefined) {
    host.messages.write("Stopped before the first step; nothing was saved.\n");
    return exitCode.interrupted;
  }
  host.results.write(`${await report(run)}\n`);
  return run.interrupted ? exitCode.interrupted : exitCode.done;
}
