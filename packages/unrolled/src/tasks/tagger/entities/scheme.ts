import { UnrolledError } from "../../../errors.js";

/**
 * How tags mark entities, the name of a type behind the mark (`B-PER`):
 *
 * - `IOB1`: `I` inside, `B` only where an entity begins right behind another of its type, `O` outside (Ramshaw & Marcus 1995).
 * - `IOB2`: `B` at every beginning, `I` behind it, `O` outside.
 * - `BIOES`: as IOB2, with `E` at the end, and `S` where an entity is one token.
 */
export type TagScheme = "IOB1" | "IOB2" | "BIOES";

export const TAG_SCHEMES: readonly TagScheme[] = ["IOB1", "IOB2", "BIOES"];

/** The letter of a tag. */
export type Mark = "O" | "B" | "I" | "E" | "S";

/** A tag apart: `B-PER` is the mark B and the type PER; `O` has no type, and neither has a bare `B`. */
export interface TagParts {
  readonly mark: Mark;
  readonly type: string;
}

const PATTERN = /^(?:O|([BIES])(?:-(.*))?)$/su;

/** A tag's parts; undefined where it is none of a scheme. */
function partsOf(tag: string): TagParts | undefined {
  const found = PATTERN.exec(tag);
  if (!found) return undefined;
  const [, mark = "O", type = ""] = found;
  return { mark: mark as Mark, type };
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where a tag is none of a scheme. */
export function checkedParts(where: string, tag: string): TagParts {
  const parts = partsOf(tag);
  if (parts) return parts;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: tags must be O, or B, I, E or S with a type behind it such as B-PER, received ${JSON.stringify(tag)}.`,
  );
}

/**
 * The scheme that tags look like; undefined where some are of none, or none marks an entity.
 *
 * BIOES where there is an `E` or an `S`; else IOB1 where an entity begins with `I`, which in IOB2 it can't; else IOB2.
 *
 * @param sequences the tags of each sequence
 */
export function schemeOf(sequences: Iterable<readonly string[]>): TagScheme | undefined {
  let marked = false;
  let ends = false;
  let startsInside = false;
  for (const tags of sequences) {
    let before: TagParts = { mark: "O", type: "" };
    for (const tag of tags) {
      const parts = partsOf(tag);
      if (!parts) return undefined;
      const { mark, type } = parts;
      marked ||= mark !== "O" && type !== "";
      ends ||= mark === "E" || mark === "S";
      startsInside ||= mark === "I" && (before.mark === "O" || before.type !== type);
      before = parts;
    }
  }
  if (!marked) return undefined;
  if (ends) return "BIOES";
  return startsInside ? "IOB1" : "IOB2";
}
