import type { JsonObject } from "../json/object.js";

/** How many steps a file's sequence has at most. */
const MOST_STEPS = 64;

/** The steps of a rule: those of a `Sequence`, also of one inside another, or the rule alone. */
export function stepsOf(rule: JsonObject, field: string): JsonObject[] {
  if (rule.string("type") !== "Sequence") return [rule];
  return rule.array(field, "object", { maxLength: MOST_STEPS }).flatMap((step) => stepsOf(step, field));
}
