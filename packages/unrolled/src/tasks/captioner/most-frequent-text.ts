import { type Data, examplesOf } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import type { CaptionerExample } from "./examples.js";

/**
 * The naive baseline of a captioner: the text that comes most often, the first of those that come as often; about a label, that which comes most often
 * with it.
 *
 * @returns what answers an example's input
 * @throws {UnrolledError} `UNROLLED_DATA` where there are no examples.
 */
export async function mostFrequentText(examples: Data<CaptionerExample>): Promise<(example: CaptionerExample) => string> {
  const counts = new Map<string | undefined, Map<string, number>>([[undefined, new Map()]]);
  let isEmpty = true;
  for await (const example of examplesOf(examples, 1)) {
    isEmpty = false;
    for (const label of new Set([undefined, labelOf(example)])) {
      const own = counts.get(label) ?? new Map<string, number>();
      own.set(example.text, (own.get(example.text) ?? 0) + 1);
      counts.set(label, own);
    }
  }
  if (isEmpty) throw new UnrolledError("UNROLLED_DATA", "mostFrequentText: expected at least one example, received none.");
  const best = new Map(Array.from(counts, ([label, own]) => [label, mostOf(own)]));
  return (example) => best.get(labelOf(example)) ?? best.get(undefined) ?? "";
}

function labelOf(example: CaptionerExample): string | undefined {
  return "label" in example ? example.label : undefined;
}

function mostOf(counts: ReadonlyMap<string, number>): string {
  let [text, most] = ["", 0];
  for (const [own, count] of counts) if (count > most) [text, most] = [own, count];
  return text;
}
