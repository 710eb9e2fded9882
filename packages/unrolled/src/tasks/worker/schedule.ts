import { UnrolledError } from "../../errors.js";
import type { Schedule } from "../../training/schedules/schedule.js";

/** 16 million steps: 128 MB of factors. */
const MOST_STEPS = 2 ** 24;

/** How long a training will be. */
export interface TrainingLength {
  readonly stepsInEpoch: number;
  /** Over all epochs. */
  readonly steps: number;
}

/**
 * A schedule's factors, step by step: the function itself can't go to a worker.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where there are too many.
 */
export function scheduleTable(schedule: Schedule, { steps, stepsInEpoch }: TrainingLength): Float64Array {
  if (steps > MOST_STEPS) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `worker: a \`schedule\` can go to a worker for at most ${MOST_STEPS} steps, received ${steps}; set \`steps\`, or leave \`worker\` out.`,
    );
  }
  // the loop asks for the step behind the last one, too
  const epochOf = (step: number) => Math.floor(Math.min(step, steps - 1) / stepsInEpoch);
  return Float64Array.from({ length: steps + 1 }, (_, step) => schedule(step, epochOf(step)));
}
