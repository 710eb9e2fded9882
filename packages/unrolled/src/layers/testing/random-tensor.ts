import { tensor } from "../../tensor/create.js";
import { normal } from "../../tensor/initializers.js";
import { RandomStream, type Seed } from "../../tensor/random.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Standard normal numbers, the same for the same seed. */
export function randomTensor(shape: Shape, seed: Seed): Tensor {
  return tensor(Float32Array.from(normal(sizeOf(shape), 1, new RandomStream(seed, "initialisation"))), shape);
}
