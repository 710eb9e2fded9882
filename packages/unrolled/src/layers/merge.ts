import { add } from "../autograd/ops/add.js";
import { concat } from "../autograd/ops/concat.js";
import { multiply } from "../autograd/ops/multiply.js";
import { scale } from "../autograd/ops/scale.js";
import type { Tensor } from "../tensor/tensor.js";

/** How the outputs of both directions become one: side by side (2·units features), or number by number (units features). */
export type Merge = "concat" | "sum" | "mul" | "average";

export const MERGES: readonly Merge[] = ["concat", "sum", "mul", "average"];

/** Joins the forward and the backward direction's features. */
export function merge(how: Merge, forward: Tensor, backward: Tensor): Tensor {
  switch (how) {
    case "concat":
      return concat([forward, backward]);
    case "sum":
      return add(forward, backward);
    case "mul":
      return multiply(forward, backward);
    case "average":
      return scale(add(forward, backward), 0.5);
  }
}
