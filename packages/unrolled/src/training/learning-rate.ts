import { UnrolledError } from "../errors.js";
import type { Optimizer } from "./optimizers/optimizer.js";
import type { Schedule } from "./schedules/schedule.js";

/** The learning rate of a step: the optimizer's, times a schedule's factor, times what a plateau has left. */
export class LearningRate {
  readonly #optimizer: Optimizer;
  readonly #schedule: Schedule | undefined;
  readonly #plateau: { readonly learningRateFactor: number };

  constructor(optimizer: Optimizer, schedule: Schedule | undefined, plateau: { readonly learningRateFactor: number }) {
    this.#optimizer = optimizer;
    this.#schedule = schedule;
    this.#plateau = plateau;
  }

  /**
   * Of the step after `step` steps, in an epoch counted from 1.
   *
   * @throws {UnrolledError} `UNROLLED_VALUE` where the schedule gives no finite number of at least 0.
   */
  at({ step, epoch }: { readonly step: number; readonly epoch: number }): number {
    const factor = this.#schedule ? this.#schedule(step, epoch - 1) : 1;
    if (!(factor >= 0 && Number.isFinite(factor))) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `fit: \`schedule\` must give a finite number of at least 0, received ${factor} for step ${step}.`,
      );
    }
    return this.#optimizer.learningRate * factor * this.#plateau.learningRateFactor;
  }
}
