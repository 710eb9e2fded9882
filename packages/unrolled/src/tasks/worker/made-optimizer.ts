import { adagrad } from "../../training/optimizers/adagrad.js";
import { adam } from "../../training/optimizers/adam.js";
import { adamw } from "../../training/optimizers/adamw.js";
import type { Optimizer } from "../../training/optimizers/optimizer.js";
import { rmsprop } from "../../training/optimizers/rmsprop.js";
import { sgd } from "../../training/optimizers/sgd.js";
import type { PortableOptimizer } from "./optimizer.js";

const makers: Readonly<Record<string, (settings: object) => Optimizer>> = { adagrad, adam, adamw, rmsprop, sgd };

/** The optimizer that the page meant. */
export function madeOptimizer({ name, settings }: PortableOptimizer): Optimizer | undefined {
  return makers[name]?.(settings);
}
