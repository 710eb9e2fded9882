import { selectRows } from "../autograd/ops/rows.js";
import type { Scope } from "../autograd/scope.js";
import type { SequencePlan } from "../cells/sequence-plan.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Flow } from "./flow.js";
import type { Layer } from "./layer.js";

/** What a decoder attends to: the steps of a source sequence, the regions of an image. */
export interface Attended {
  /** [places, features], the places of a sequence one after another. */
  readonly places: Tensor;
  /** The first place of each sequence, as it stands in the batch from outside. */
  readonly starts: Int32Array;
  /** How many places each sequence has. */
  readonly lengths: Int32Array;
  /** By which each decoder finds the places, where that was computed before. */
  readonly keys?: ReadonlyMap<Layer, Tensor>;
}

/** An encoder's output as what is attended to; without time, one place a sequence. */
export function attendedOf(scope: Scope, { rows, plan }: Flow): Attended {
  const batch = plan?.batch ?? (rows.shape[0] as number);
  const lengths = new Int32Array(batch).fill(1);
  const starts = Int32Array.from(lengths.keys());
  if (!plan) return { places: rows, starts, lengths };
  const order = new Int32Array(plan.rows);
  let next = 0;
  for (let sequence = 0; sequence < batch; sequence++) {
    const place = plan.places?.[sequence] ?? sequence;
    starts[sequence] = next;
    lengths[sequence] = plan.lengths[place] as number;
    for (let t = 0; t < (lengths[sequence] as number); t++) order[next++] = (plan.offsets[t] as number) + place;
  }
  return { places: selectRows(scope, rows, order), starts, lengths };
}

/** The same in the order in which a plan's sequences stand. */
export function inPlanOrder(values: Int32Array, { order }: SequencePlan): Int32Array {
  return order ? order.map((sequence) => values[sequence] as number) : values;
}
