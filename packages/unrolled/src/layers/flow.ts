import { viewAs } from "../autograd/ops/broadcast.js";
import { checkIndices } from "../autograd/ops/gather.js";
import { moveAxis } from "../autograd/ops/transpose.js";
import type { Scope } from "../autograd/scope.js";
import type { SequencePlan } from "../cells/scan.js";
import { UnrolledError } from "../errors.js";
import { formatShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * What flows from layer to layer: rows of features, [rows, features], or indices, [rows]. Where there is time, the plan tells which
 * row is which step. The outside's batch-first order is left at the first layer and restored after the last.
 */
export interface Flow {
  readonly rows: Tensor;
  readonly plan?: SequencePlan;
}

/** What a layer reads: numbers with `features` on the last axis, or indices below `bound`. */
export type InputKind =
  | { readonly kind: "features"; readonly size: number; readonly option: string; readonly time: "required" | "optional" }
  | { readonly kind: "indices"; readonly bound: number };

/**
 * From a batch-first tensor to rows.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE`, `UNROLLED_INDEX` or `UNROLLED_DTYPE` where the tensor is not what the layer reads.
 */
export function toRows(scope: Scope, where: string, x: Tensor, input: InputKind): Flow {
  checkInput(where, x, input);
  const resident = input.kind === "indices" ? scope.useIndices(x) : scope.use(x);
  const [batch, time] = x.shape as [number, number];
  const timed = x.shape.length === (input.kind === "indices" ? 2 : 3);
  if (!timed) return { rows: resident };
  const features = x.shape.slice(2);
  return { rows: viewAs(scope, moveAxis(scope, resident, 1, 0), [time * batch, ...features]), plan: { batch, time } };
}

/** From rows back to a batch-first tensor: `[batch, time, features]`, or `[batch, features]` where there is no time. */
export function fromRows(scope: Scope, { rows, plan }: Flow): Tensor {
  if (!plan) return rows;
  const features = rows.shape.slice(1);
  return moveAxis(scope, viewAs(scope, rows, [plan.time, plan.batch, ...features]), 1, 0);
}

function checkInput(where: string, x: Tensor, input: InputKind): void {
  const { shape } = x;
  const expected =
    input.kind === "indices"
      ? ["[batch]", "[batch, time]"]
      : [input.time === "optional" ? `[batch, ${input.size}]` : "", `[batch, time, ${input.size}]`].filter(Boolean);
  const ranks = input.kind === "indices" ? [1, 2] : input.time === "optional" ? [2, 3] : [3];
  if (!ranks.includes(shape.length) || (input.kind === "features" && shape.at(-1) !== input.size)) {
    const mend =
      input.kind === "features" && ranks.includes(shape.length)
        ? `; set ${input.option}: ${shape.at(-1)} or feed ${input.size} features`
        : "";
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${where}: \`x\` must be ${expected.join(" or ")}, received ${formatShape(shape)}${mend}.`,
    );
  }
  if (shape.includes(0)) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${where}: \`x\` must have at least one sequence and one step, received ${formatShape(shape)}.`,
    );
  }
  if (input.kind === "indices") checkIndices(`${where}: x`, x.data, input.bound);
}
