import { inScope, type Operand } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import type { Seed } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { fromRows, type InputKind, toRows } from "./flow.js";
import { Layer } from "./layer.js";
import { checkKnown } from "./options.js";

/** A layer without weights that gives as many features as it takes, and alone takes any number of them. */
export abstract class ElementwiseLayer extends Layer {
  #size: number | undefined;

  get outputSize(): number {
    if (this.#size !== undefined) return this.#size;
    throw new UnrolledError("UNROLLED_VALUE", `${this.kind}: it can't be a network's first layer; put it behind another.`);
  }

  get input(): InputKind {
    return { kind: "features", size: this.outputSize, option: "inputSize", time: this.time };
  }

  /** Whether it needs time. */
  protected get time(): "required" | "optional" {
    return "optional";
  }

  /**
   * `x: [batch, features]` or `[batch, time, features]` → what the layer gives for it; inside `valueAndGradients` as in training.
   *
   * @param options `lengths`: steps of each sequence, where they are not all of `x`'s
   * @throws {UnrolledError} `UNROLLED_SHAPE` where `x` or the lengths are not what it reads.
   */
  apply(x: Operand, options: { lengths?: ArrayLike<number> } = {}): Tensor {
    checkKnown(`${this.kind}.apply`, options, ["lengths"]);
    this.buildAlone();
    return inScope((scope) => {
      const resident = scope.use(x);
      const size = this.#size ?? resident.shape.at(-1) ?? 0;
      const input = { kind: "features", size, option: "inputSize", time: this.time } as const;
      const flow = toRows(scope, this.kind, resident, input, options.lengths);
      return fromRows(scope, this.forward(scope, flow, { training: scope.recording }));
    });
  }

  protected create(before: number | undefined, _seed: Seed, _index: number): void {
    this.#size = before;
  }
}
