import { viewAs } from "../autograd/ops/broadcast.js";
import { checkIndices } from "../autograd/ops/gather.js";
import { placeRows, selectRows } from "../autograd/ops/rows.js";
import { moveAxis } from "../autograd/ops/transpose.js";
import type { Scope } from "../autograd/scope.js";
import { SequencePlan } from "../cells/sequence-plan.js";
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
 * @param lengths steps of each sequence, where they are not all of `x`'s; what stands past a sequence's end is never read
 * @throws {UnrolledError} `UNROLLED_SHAPE`, `UNROLLED_INDEX` or `UNROLLED_DTYPE` where the tensor is not what the layer reads.
 */
export function toRows(scope: Scope, where: string, x: Tensor, input: InputKind, lengths?: ArrayLike<number>): Flow {
  checkInput(where, x, input);
  const [batch, time] = x.shape as [number, number];
  const timed = x.shape.length === (input.kind === "indices" ? 2 : 3);
  if (lengths && !timed) {
    throw new UnrolledError("UNROLLED_SHAPE", `${where}: \`lengths\` need an \`x\` with time, received ${formatShape(x.shape)}.`);
  }
  const whole = timed ? SequencePlan.uniform(batch, time) : undefined;
  const plan = lengths ? SequencePlan.of(where, lengths, batch, time) : whole;
  if (input.kind === "indices") checkIndices(`${where}: x`, plan?.order ? zeroPadded(x, plan) : x.data, input.bound);
  const resident = input.kind === "indices" ? scope.useIndices(x) : scope.use(x);
  return plan ? { rows: batchToRows(scope, resident, plan), plan } : { rows: resident };
}

/** A batch-first tensor [batch, time, …] as the rows of a plan, [rows, …]. */
export function batchToRows(scope: Scope, x: Tensor, plan: SequencePlan): Tensor {
  const features = x.shape.slice(2);
  const all = plan.batch * plan.time;
  if (plan.order) return selectRows(scope, viewAs(scope, x, [all, ...features]), plan.source);
  return viewAs(scope, moveAxis(scope, x, 1, 0), [all, ...features]);
}

/** From rows back to a batch-first tensor: `[batch, time, features]`, 0 past a sequence's end, or `[batch, features]` without time. */
export function fromRows(scope: Scope, { rows, plan }: Flow): Tensor {
  if (!plan) return rows;
  const features = rows.shape.slice(1);
  const { batch, time } = plan;
  if (plan.order) return viewAs(scope, placeRows(scope, rows, plan.source, batch * time), [batch, time, ...features]);
  return moveAxis(scope, viewAs(scope, rows, [time, batch, ...features]), 1, 0);
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
}

/** Indices [batch, time] with 0 past each sequence's end, where anything may stand. */
function zeroPadded({ data }: Tensor, plan: SequencePlan): Float64Array {
  const read = new Float64Array(data.length);
  for (const position of plan.source) read[position] = data[position] as number;
  return read;
}
