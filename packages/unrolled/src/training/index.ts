export type { Batch, Data } from "./batch.js";
export { evaluateLoss, type FitOptions, fit } from "./fit.js";
export type { EpochRecord, TrainingHistory, TrainingProgress } from "./history.js";
export { crossEntropy } from "./losses/cross-entropy.js";
export type { Loss } from "./losses/loss.js";
export { meanSquaredError } from "./losses/mean-squared-error.js";
export { type AdamOptions, adam } from "./optimizers/adam.js";
export type { Optimizer } from "./optimizers/optimizer.js";
export { type SgdOptions, sgd } from "./optimizers/sgd.js";
