import { UnrolledError } from "../errors.js";
import type { Seed } from "../tensor/random.js";
import type { InputKind } from "./flow.js";
import { Layer } from "./layer.js";

/** A layer without weights that gives as many features as it takes. */
export abstract class ElementwiseLayer extends Layer {
  #size: number | undefined;

  get outputSize(): number {
    return this.#size as number;
  }

  get input(): InputKind {
    return { kind: "features", size: this.outputSize, option: "inputSize", time: "optional" };
  }

  protected create(before: number | undefined, _seed: Seed, _index: number): void {
    if (before === undefined) {
      throw new UnrolledError("UNROLLED_VALUE", `${this.kind}: it can't be a network's first layer; put it behind another.`);
    }
    this.#size = before;
  }
}
