import { selectRows } from "../autograd/ops/rows.js";
import { segmentMax } from "../autograd/ops/segment-max.js";
import { segmentSum } from "../autograd/ops/segment-sum.js";
import type { Scope } from "../autograd/scope.js";
import type { SequencePlan } from "../cells/sequence-plan.js";
import { UnrolledError } from "../errors.js";
import { Tensor } from "../tensor/tensor.js";
import { ElementwiseLayer } from "./elementwise-layer.js";
import type { Flow } from "./flow.js";

/** How one row a sequence comes from its steps: rows: [rows of the plan, features] → [batch, features], in the batch's own order. */
type Pool = (scope: Scope, rows: Tensor, plan: SequencePlan) => Tensor;

const POOLS = { lastStep: last, meanOverTime: mean, maxOverTime: max } satisfies Record<string, Pool>;

/** One row a sequence from all of its steps. */
export class Pooling extends ElementwiseLayer {
  readonly kind: keyof typeof POOLS;

  constructor(kind: keyof typeof POOLS) {
    super();
    this.kind = kind;
  }

  protected override get time(): "required" {
    return "required";
  }

  forward(scope: Scope, { rows, plan }: Flow): Flow {
    return { rows: POOLS[this.kind](scope, rows, checkedPlan(this.kind, plan)) };
  }
}

/** @throws {UnrolledError} `UNROLLED_SHAPE` where there is no time. */
export function checkedPlan(where: string, plan: SequencePlan | undefined): SequencePlan {
  if (plan) return plan;
  throw new UnrolledError(
    "UNROLLED_SHAPE",
    `${where}: it reads every step, but what comes in has no time; set returnSequences: true in the recurrent layer before it, or leave it out.`,
  );
}

/** The sequence that each row of a plan is a step of, as it stands in the batch from outside. */
export function sequencesOf(plan: SequencePlan): Int32Array {
  return plan.source.map((place) => Math.floor(place / plan.time));
}

/** The steps of each sequence, as it stands in the batch from outside. */
export function lengthsOf({ lengths, places }: SequencePlan): Int32Array {
  return places ? places.map((place) => lengths[place] as number) : lengths;
}

function last(scope: Scope, rows: Tensor, plan: SequencePlan): Tensor {
  const { places, offsets } = plan;
  const ends = lengthsOf(plan).map((length, sequence) => (offsets[length - 1] as number) + (places?.[sequence] ?? sequence));
  return selectRows(scope, rows, ends);
}

function mean(_scope: Scope, rows: Tensor, plan: SequencePlan): Tensor {
  const sequences = sequencesOf(plan);
  const lengths = lengthsOf(plan);
  const shares = Float64Array.from(sequences, (sequence) => 1 / (lengths[sequence] as number));
  return segmentSum(rows, Tensor.owning(shares, [plan.rows]), sequences, plan.batch);
}

function max(_scope: Scope, rows: Tensor, plan: SequencePlan): Tensor {
  return segmentMax(rows, sequencesOf(plan), plan.batch);
}

/**
 * The last step of each sequence, its own where lengths differ. `x: [batch, time, features]` → `[batch, features]`.
 *
 * Behind a recurrent layer with `returnSequences`; without that, the layer gives its last step by itself.
 */
export function lastStep(): Pooling {
  return new Pooling("lastStep");
}

/**
 * The mean of each sequence's own steps, feature by feature: y = Σ_t x_t / length. `x: [batch, time, features]` → `[batch, features]`.
 */
export function meanOverTime(): Pooling {
  return new Pooling("meanOverTime");
}

/**
 * The largest of each sequence's own steps, feature by feature: y = max_t x_t. The gradient goes to the first step that has it.
 * `x: [batch, time, features]` → `[batch, features]`.
 */
export function maxOverTime(): Pooling {
  return new Pooling("maxOverTime");
}
