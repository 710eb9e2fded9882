import { Turns } from "../../training/turns.js";
import { byLength } from "../example-batches.js";
import type { EncodedInput } from "./input-form.js";
import type { ClassifierParts } from "./parts.js";

/** Inputs side by side where nothing is trained. */
const INPUTS_AT_ONCE = 64;

/**
 * The probability of each label, input by input in the order given: softmax of the logits, or the sigmoid of each where an input may have
 * several labels.
 */
export async function probabilitiesOf(
  { network, form, labels }: Pick<ClassifierParts, "network" | "form" | "labels">,
  inputs: readonly EncodedInput[],
): Promise<Float64Array[]> {
  const turns = new Turns();
  const result: Float64Array[] = new Array(inputs.length);
  const batches = byLength(inputs, {
    batchSize: INPUTS_AT_ONCE,
    lengthOf: (input) => form.lengthOf(input),
    batchOf: (some) => form.batchOf(some),
  });
  for (const { places, batch } of batches) {
    const { data } = network.apply(batch.x, batch.lengths ? { lengths: batch.lengths } : {});
    for (const [row, place] of places.entries()) {
      const logits = data.subarray(row * labels.size, (row + 1) * labels.size);
      result[place] = labels.several ? Float64Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit))) : softmax(logits);
    }
    await turns.giveWay();
  }
  return result;
}

function softmax(logits: ArrayLike<number>): Float64Array {
  const most = Math.max(...Array.from(logits));
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** The place of the largest, the first of several. */
export function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let place = 1; place < values.length; place++) if ((values[place] as number) > (values[best] as number)) best = place;
  return best;
}
