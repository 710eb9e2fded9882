import type { Data } from "../data/data.js";
import { type Split, splitExamples } from "../data/splits.js";
import type { Seed } from "../tensor/random.js";

/** What is trained on, and what is measured on meanwhile: a fraction of the data, or data of its own. */
export function heldOut<E>(data: Data<E>, seed: Seed, validation: number | Data<E> = 0.1): Split<Data<E>> {
  return typeof validation === "number" ? splitExamples(data, validation, seed) : { train: data, held: validation };
}
