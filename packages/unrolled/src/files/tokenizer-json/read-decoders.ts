import type { Decoder } from "../../data/text/pieces/rules.js";
import { UnrolledError } from "../../errors.js";
import type { JsonObject } from "../json/object.js";
import { readMetaspace } from "./read-cuts.js";
import { readReplacement } from "./read-normalizers.js";
import { stepsOf } from "./steps.js";

const TYPES = ["ByteLevel", "ByteFallback", "Fuse", "Strip", "Metaspace", "Replace", "BPEDecoder"] as const;

export function readDecoders(rule: JsonObject, source: string): Decoder[] {
  const decoders = stepsOf(rule, "decoders").map(readDecoder);
  const types = decoders.map(({ type }) => type);
  if (types.includes("Strip") && !(types.indexOf("Fuse") >= 0 && types.indexOf("Fuse") < types.indexOf("Strip"))) {
    throw new UnrolledError("UNROLLED_FILE", `${source}: \`decoder\` with Strip before Fuse isn't supported; put Fuse first.`);
  }
  return decoders;
}

function readDecoder(step: JsonObject): Decoder {
  const type = step.oneOf("type", TYPES);
  switch (type) {
    case "ByteLevel":
      for (const name of ["add_prefix_space", "trim_offsets", "use_regex"]) step.has(name);
      return { type };
    case "Metaspace":
      step.has("split");
      return { type, ...readMetaspace(step) };
    case "Replace":
      return { type, ...readReplacement(step) };
    case "BPEDecoder":
      return { type, suffix: step.string("suffix") };
    case "Strip":
      // the one space before a text, and no other
      step.oneOf("content", [" "]);
      step.integer("start", { min: 1, max: 1 });
      step.integer("stop", { min: 0, max: 0 });
      return { type };
    case "ByteFallback":
    case "Fuse":
      return { type };
  }
}
