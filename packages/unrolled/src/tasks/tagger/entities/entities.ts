import { UnrolledError } from "../../../errors.js";
import { checkedParts, type Mark, TAG_SCHEMES, type TagParts, type TagScheme } from "./scheme.js";

/** A stretch of tokens with a type. */
export interface Entity {
  /** What it is, such as PER; empty for tags without types. */
  readonly type: string;
  /** Its first token, counted from 0. */
  readonly start: number;
  /** The token behind its last one. */
  readonly end: number;
}

const OUTSIDE: TagParts = { mark: "O", type: "" };

/**
 * The entities that tags mark, as the script conlleval of the CoNLL-2000 task counts them: one reading for IOB1, IOB2 and BIOES, which also
 * makes the best of tags that follow no scheme (an `I-PER` behind `B-LOC` begins an entity).
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for a tag that is none of a scheme.
 */
export function entitiesOf(tags: readonly string[]): Entity[] {
  const entities: Entity[] = [];
  let begun: { type: string; start: number } | undefined;
  let before = OUTSIDE;
  for (let place = 0; place <= tags.length; place++) {
    const tag = tags[place];
    const now = tag === undefined ? OUTSIDE : checkedParts("entitiesOf", tag);
    if (begun && ends(before, now)) {
      entities.push({ ...begun, end: place });
      begun = undefined;
    }
    if (starts(before, now)) begun = { type: now.type, start: place };
    before = now;
  }
  return entities;
}

/** Whether an entity ends between two tags: conlleval's `endOfChunk`. */
function ends(before: TagParts, now: TagParts): boolean {
  if (before.mark === "O") return false;
  if (before.mark === "E" || before.mark === "S") return true;
  return now.mark === "O" || now.mark === "B" || now.mark === "S" || now.type !== before.type;
}

/** Whether an entity begins with the second of two tags: conlleval's `startOfChunk`. */
function starts(before: TagParts, now: TagParts): boolean {
  if (now.mark === "O") return false;
  if (now.mark === "B" || now.mark === "S") return true;
  return before.mark === "O" || before.mark === "E" || before.mark === "S" || now.type !== before.type;
}

/**
 * Tags for some entities, which must not overlap: the other way of `entitiesOf`.
 *
 * @param length how many tokens there are
 * @throws {UnrolledError} `UNROLLED_VALUE` for an unknown scheme, and where entities overlap or leave the sequence.
 */
export function tagsOf(entities: readonly Entity[], length: number, scheme: TagScheme): string[] {
  if (!TAG_SCHEMES.includes(scheme)) {
    const received = JSON.stringify(scheme);
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `tagsOf: \`scheme\` must be one of ${TAG_SCHEMES.join(", ")}, received ${received}.`,
    );
  }
  const tags = Array<string>(length).fill("O");
  let before: Entity | undefined;
  for (const entity of entities.toSorted((a, b) => a.start - b.start)) {
    const { type, start, end } = entity;
    if (!(start >= (before?.end ?? 0) && end > start && end <= length)) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `tagsOf: entities must lie one behind another within ${length} tokens, received ${type} from ${start} to ${end}.`,
      );
    }
    const touches = before?.end === start && before.type === type;
    for (let place = start; place < end; place++) {
      const mark = markOf(scheme, place === start, place === end - 1, touches);
      tags[place] = type === "" ? mark : `${mark}-${type}`;
    }
    before = entity;
  }
  return tags;
}

function markOf(scheme: TagScheme, isFirst: boolean, isLast: boolean, touches: boolean): Mark {
  if (scheme === "IOB1") return isFirst && touches ? "B" : "I";
  if (scheme === "BIOES" && isLast) return isFirst ? "S" : "E";
  return isFirst ? "B" : "I";
}

/**
 * The same entities in the tags of another scheme.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for a tag that is none of a scheme, and for an unknown scheme.
 *
 * @example convertTags(["I-PER", "I-PER", "O"], "BIOES");      // ["B-PER", "E-PER", "O"]
 */
export function convertTags(tags: readonly string[], scheme: TagScheme): string[] {
  return tagsOf(entitiesOf(tags), tags.length, scheme);
}
