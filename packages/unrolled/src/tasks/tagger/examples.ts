import { UnrolledError } from "../../errors.js";

/** A sequence of tokens, each with its tag. */
export interface TaggerExample {
  /** At least one, none empty. */
  readonly tokens: readonly string[];
  /** As many as tokens. */
  readonly tags: readonly string[];
}

/** What examples look like, in words. */
export const FORM_OF_EXAMPLES = "{ tokens, tags }";

/** @throws {UnrolledError} `UNROLLED_DATA` where an example has no tokens, an empty one, or not a tag for each. */
export function checkExample(where: string, example: TaggerExample, index: number): void {
  const at = `${where}: example ${index}`;
  if (typeof example !== "object" || example === null || !Array.isArray(example.tags)) {
    throw new UnrolledError("UNROLLED_DATA", `${at} must be ${FORM_OF_EXAMPLES}, received ${described(example)}.`);
  }
  const { tokens, tags } = example;
  checkTokens(at, tokens);
  if (tags.length !== tokens.length) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${at} must have a tag for each of ${tokens.length} tokens, received ${tags.length}.`,
    );
  }
  const wrong = tags.findIndex((tag) => typeof tag !== "string" || tag === "");
  if (wrong < 0) return;
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${at}: tag ${wrong} must be a string that is not empty, received ${described(tags[wrong])}.`,
  );
}

/** @throws {UnrolledError} `UNROLLED_DATA` where there are none, or one is no string or empty. */
export function checkTokens(at: string, tokens: readonly string[]): void {
  if (!Array.isArray(tokens) || tokens.length === 0) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${at}: \`tokens\` must be an array of at least one string, received ${described(tokens)}.`,
    );
  }
  const wrong = tokens.findIndex((token) => typeof token !== "string" || token === "");
  if (wrong < 0) return;
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${at}: token ${wrong} must be a string that is not empty, received ${described(tokens[wrong])}.`,
  );
}

function described(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  return value === null ? "null" : typeof value;
}
