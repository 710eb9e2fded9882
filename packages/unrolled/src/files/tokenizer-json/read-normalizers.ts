import type { Normalizer } from "../../data/text/pieces/rules.js";
import type { JsonObject } from "../json/object.js";
import { stepsOf } from "./steps.js";

export function readNormalizers(rule: JsonObject): Normalizer[] {
  return stepsOf(rule, "normalizers").map((step): Normalizer => {
    const type = step.oneOf("type", ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Prepend", "Replace"]);
    switch (type) {
      case "Prepend":
        return { type, prepend: step.string("prepend") };
      case "Replace":
        return { type, ...readReplacement(step) };
      default:
        return { type };
    }
  });
}

/** What a string is replaced by; a regular expression is refused. */
export function readReplacement(step: JsonObject): { pattern: string; content: string } {
  return { pattern: step.object("pattern").string("String"), content: step.string("content") };
}
