import type { RandomStream } from "../tensor/random.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import type { WeightSpecification } from "./recurrent-cell.js";

/** Keeps the division of layer normalisation finite, as in PyTorch. */
export const LAYER_NORM_EPSILON = 1e-5;

/** A weight [gates·units, columns] whose blocks, one for each gate, begin each by themselves. */
export function stackedBlocks(
  gates: number,
  units: number,
  columns: number,
  block: (random: RandomStream) => Float64Array,
): WeightSpecification {
  return {
    shape: [gates * units, columns],
    initialValues(random) {
      const all = new Float64Array(gates * units * columns);
      for (let gate = 0; gate < gates; gate++) all.set(block(random), gate * units * columns);
      return all;
    },
  };
}

export function zeros(shape: Shape): WeightSpecification {
  return { shape, initialValues: () => new Float64Array(sizeOf(shape)) };
}

export function ones(shape: Shape): WeightSpecification {
  return { shape, initialValues: () => new Float64Array(sizeOf(shape)).fill(1) };
}

/** A weight that a cell has, or doesn't. */
export type WeightChoice = WeightSpecification | false | undefined;

/** Those of the weights that there are. */
export function wanted(all: Readonly<Record<string, WeightChoice>>): Readonly<Record<string, WeightSpecification>> {
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, WeightSpecification] => Boolean(entry[1])));
}
