import type { Scope } from "../../autograd/scope.js";
import { PRODUCT_SPEED } from "../../engine/threads/splits.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { RowRange } from "../cell.js";
import { partsOf, rowsIn } from "../parts.js";
import type { Tensors } from "../recurrent-cell.js";
import type { SequencePlan } from "../sequence-plan.js";
import { type Attended, AttentionRun } from "./attention-run.js";

/** What queries read. */
export interface Read {
  /** The means of the values, [rows, width]. */
  readonly context: Tensor;
  /** How much each row reads of each place that its sequence sees, [rows, longest]; past these anything. */
  readonly weights: Tensor;
}

/**
 * Queries of all steps attend to places, as `AttentionRun` has it: one op of the tape. Threads have a part of the sequences each.
 *
 * @param queries rows of all steps, [rows, depth] or, where scores are additive, [rows, query]
 * @param additive `weight_query`, `bias_query` and `energy` of additive scores; none of the others
 */
export function attend(scope: Scope, queries: Tensor, plan: SequencePlan, memory: Attended, additive: Tensors): Read {
  const { threads, kernels } = scope.engine;
  const { keys, values, longest } = memory;
  const run = new AttentionRun(scope, plan, memory, additive);
  const size = queries.shape[1] as number;
  const [depth, width] = [keys.shape[1] as number, values.shape[1] as number];
  const work = (plan.rows * (longest * (depth + width) + (additive.weight_query?.size ?? 0))) / PRODUCT_SPEED;
  const range: RowRange = { kernels, rows: 0, first: 0, kept: 0, sequence: 0 };
  const eachStep = (step: () => void) => {
    const own = partsOf(plan, threads.countFor(work));
    threads.run(own.length, plan.steps, (commands, thread, t) => {
      const part = own[thread] as (typeof own)[number];
      range.kernels = commands;
      range.rows = rowsIn(part, plan.sizes[t] as number);
      range.first = range.kept = (plan.offsets[t] as number) + part.from;
      range.sequence = part.from;
      if (range.rows > 0) step();
    });
  };
  eachStep(() => run.forward(range, queries.address + range.first * size));
  scope.derive(run.context, [queries, keys, values, ...Object.values(additive)], () => {
    run.beginBackward();
    // the kernel of scores that are products adds to the query's gradient, whether it is asked for or not
    const dQueries = scope.gradientOf(queries) || scope.zeros(queries.shape).address;
    eachStep(() => run.backward(range, queries.address + range.first * size, dQueries + range.first * size));
    run.addGradients(queries.address);
  });
  return { context: run.context, weights: scope.over(run.weights, [plan.rows, longest]) };
}
