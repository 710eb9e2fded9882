import { selectRows } from "../autograd/ops/rows.js";
import type { Operand, Scope } from "../autograd/scope.js";
import type { Attended as Places } from "../cells/decoder/attention-run.js";
import type { SequencePlan } from "../cells/sequence-plan.js";
import { UnrolledError } from "../errors.js";
import { Tensor } from "../tensor/tensor.js";
import type { AttentionScores } from "./attention-scores.js";
import { type Flow, toRows } from "./flow.js";
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

/** What a layer that attends is told of its memory, in its `apply`. */
export interface MemoryCall {
  /** What is attended to: `[batch, places, features]`. */
  memory: Operand;
  /** How many places each sequence has, where they are not all of the memory's. */
  memoryLengths?: ArrayLike<number>;
}

/** A layer that attends to places. */
interface Attending extends Layer {
  /** Features of a place. */
  readonly memorySize: number;
  readonly scores: AttentionScores;
}

/**
 * A memory as it is given from outside, and how many places there is room for in it.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where it, or its lengths, are not what the layer attends to.
 */
export function readMemory(
  scope: Scope,
  { kind, memorySize }: Attending,
  { memory, memoryLengths }: MemoryCall,
): { readonly attended: Attended; readonly places: number } {
  const reads = { kind: "features", size: memorySize, option: "memorySize", time: "required" } as const;
  const source = toRows(scope, `${kind}: memory`, scope.use(memory ?? []), reads, memoryLengths);
  return { attended: attendedOf(scope, source), places: source.plan?.time ?? 1 };
}

/**
 * A memory as a layer attends to it, by a plan's sequences.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where there is none, `UNROLLED_SHAPE` where it has other sequences or other features.
 */
export function placesFor(scope: Scope, layer: Attending, plan: SequencePlan, memory: Attended | undefined): Places {
  const { kind, memorySize, scores } = layer;
  if (!memory) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${kind}: it attends to a memory, received none; put it into an encoderDecoder, or call its \`apply\`.`,
    );
  }
  const { places, lengths } = memory;
  if (lengths.length !== plan.batch) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${kind}: the memory must be of ${plan.batch} sequences like \`x\`, received ${lengths.length}.`,
    );
  }
  if (places.shape[1] !== memorySize) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${kind}: the memory must have ${memorySize} features, received ${places.shape[1]}; set memorySize.`,
    );
  }
  const ids = (values: Int32Array) => scope.useIndices(Tensor.owning(inPlanOrder(values, plan), [plan.batch]));
  return {
    values: places,
    keys: memory.keys?.get(layer) ?? scores.keysOf(scope, places),
    starts: ids(memory.starts),
    lengths: ids(lengths),
    longest: lengths.reduce((most, length) => Math.max(most, length), 1),
  };
}

/** The same in the order in which a plan's sequences stand. */
function inPlanOrder(values: Int32Array, { order }: SequencePlan): Int32Array {
  return order ? order.map((sequence) => values[sequence] as number) : values;
}
