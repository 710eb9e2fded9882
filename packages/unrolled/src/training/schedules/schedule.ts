/**
 * What the optimizer's learning rate is multiplied by at a step.
 *
 * @param step optimizer steps taken before: 0 at the first
 * @param epoch epochs that are over: 0 in the first
 */
export type Schedule = (step: number, epoch: number) => number;
