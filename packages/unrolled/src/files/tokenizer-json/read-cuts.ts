import { type Cut, type KnownPattern, PATTERNS, type PrependScheme } from "../../data/text/pieces/rules.js";
import { UnrolledError } from "../../errors.js";
import type { JsonObject } from "../json/object.js";
import { stepsOf } from "./steps.js";

const TYPES = ["ByteLevel", "Metaspace", "Split", "Digits", "Whitespace", "WhitespaceSplit"] as const;
const SCHEMES: readonly PrependScheme[] = ["always", "first", "never"];

export function readCuts(rule: JsonObject, source: string): Cut[] {
  const cuts = stepsOf(rule, "pretokenizers").map((step) => readCut(step, source));
  const early = cuts.slice(0, -1).find(({ type }) => type === "ByteLevel");
  if (early) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${source}: \`pre_tokenizer\` with a step behind ByteLevel isn't supported; put it last.`,
    );
  }
  return cuts;
}

function readCut(step: JsonObject, source: string): Cut {
  const type = step.oneOf("type", TYPES);
  switch (type) {
    case "ByteLevel":
      step.has("trim_offsets");
      return {
        type,
        addPrefixSpace: step.boolean("add_prefix_space"),
        useRegex: step.given("use_regex") ? step.boolean("use_regex") : true,
      };
    case "Metaspace":
      return { type, ...readMetaspace(step), split: step.given("split") ? step.boolean("split") : true };
    case "Split":
      return { type, pattern: readPattern(step, source) };
    case "Digits":
      return { type, individualDigits: step.given("individual_digits") && step.boolean("individual_digits") };
    case "Whitespace":
    case "WhitespaceSplit":
      return { type };
  }
}

/** The mark for spaces, and when it stands before a text; in older files by `add_prefix_space`. */
export function readMetaspace(step: JsonObject): { replacement: string; prependScheme: PrependScheme } {
  step.has("str_rep");
  const added = step.given("add_prefix_space") ? step.boolean("add_prefix_space") : true;
  const replacement = step.string("replacement");
  if (step.given("prepend_scheme")) return { replacement, prependScheme: step.oneOf("prepend_scheme", SCHEMES) };
  return { replacement, prependScheme: added ? "always" : "never" };
}

function readPattern(step: JsonObject, source: string): KnownPattern {
  step.oneOf("behavior", ["Isolated"]);
  const isInverted = step.given("invert") && step.boolean("invert");
  const pattern = step.object("pattern").string("Regex");
  const known = (Object.keys(PATTERNS) as KnownPattern[]).find((name) => PATTERNS[name] === pattern);
  if (known !== undefined && !isInverted) return known;
  throw new UnrolledError(
    "UNROLLED_FILE",
    `${source}: the pattern ${JSON.stringify(pattern)}${isInverted ? " with `invert`" : ""} isn't supported; those of GPT-2, Llama 3 and Qwen 2 are.`,
  );
}
