import type { Scope } from "../../autograd/scope.js";
import type { Tensor } from "../../tensor/tensor.js";
import { partsOf, wholeBatch } from "../parts.js";
import type { Tensors } from "../recurrent-cell.js";
import type { SequencePlan } from "../sequence-plan.js";
import { type DecoderParts, DecoderWalk } from "./decoder-walk.js";

/** What a decoder gave. */
export interface Decoded {
  /** h̃ of all steps, [rows, units]. */
  readonly output: Tensor;
  /** The states after each sequence's last step, [batch, units] each, in the plan's order: of each layer, and h̃ where it is fed. */
  readonly states: readonly Tensors[];
  readonly lastFed: Tensor | undefined;
  /** How much each row reads of each place that its sequence sees, [rows, longest]; past these anything. */
  readonly weights: Tensor;
}

/**
 * Carries a decoder through time, teacher-forced: one op of the tape for its stacked cells, attention, and input feeding, over a batch of
 * sequences. Threads have a part of the sequences each.
 *
 * @param x rows of all steps, [rows, inputs]
 */
export function scanDecoder(scope: Scope, x: Tensor, plan: SequencePlan, parts: DecoderParts): Decoded {
  const { threads } = scope.engine;
  const walk = new DecoderWalk(scope, x, plan, parts, plan.steps);
  walk.enterBlock(0, plan.steps, wholeBatch(plan));
  const eachStep = (doStep: "forward" | "backward") => {
    const own = partsOf(plan, threads.countFor(walk.work));
    threads.run(own.length, plan.steps, (commands, thread, index) =>
      walk[doStep](commands, own[thread] as (typeof own)[number], index),
    );
  };
  eachStep("forward");
  const states = walk.walks.map(({ state }) => state);
  const { output, lastFed, attention } = walk;
  const outputs = [output, ...states.flatMap((state) => Object.values(state)), ...(lastFed ? [lastFed] : [])];
  scope.deriveAll(outputs, walk.inputs, () => {
    walk.beginBackward();
    eachStep("backward");
    walk.addGradients();
  });
  return { output, states, lastFed, weights: scope.over(attention.weights, [plan.rows, parts.memory.longest]) };
}
