import type { UnrolledError } from "unrolled";
import type { ColumnChoice } from "../columns/choose-columns.js";
import { dataError, show } from "../data-error.js";
import { checkKnown } from "../options.js";
import type { Records, Value } from "../records/records.js";
import { onlyPlaceOf } from "./column-place.js";
import { type Grouped, groupsOf } from "./group.js";

/** A sentence that a tagger learns from, with one tag for each token. */
export interface TaggerExample extends Grouped {
  /** The words, at least one. */
  tokens: string[];
  /** As many as there are tokens. */
  tags: string[];
}

/** What else is known of the tags. */
export interface TaggerExamplesOptions {
  /** The tags that a model knows: another one is an error, with file and line. Default: any. */
  tags?: Iterable<string>;
}

/**
 * Records as a tagger's examples, read anew each time.
 *
 * @throws {UnrolledError} `UNROLLED_DATA`, while reading, with file and line for what are no lists of words of equal length, and for
 * an unknown tag.
 */
export function taggerExamples(
  records: Records,
  columns: ColumnChoice,
  options: TaggerExamplesOptions = {},
): () => AsyncIterable<TaggerExample> {
  checkKnown("taggerExamples", options, ["tags"]);
  const known = options.tags && new Set(options.tags);
  const input = onlyPlaceOf(records, "input", columns.input);
  const target = onlyPlaceOf(records, "target", columns.target);
  const groupOf = groupsOf(records, columns);
  return async function* () {
    for await (const { values, place } of records.rows()) {
      const tokens = words(values[input.place], place, input.column);
      const given = values[target.place];
      const tags = Array.isArray(given) && given.length === 0 ? [] : words(given, place, target.column);
      if (tokens.length !== tags.length) {
        throw dataError(place, `has ${tokens.length} tokens and ${tags.length} tags; expected one tag for each token.`);
      }
      const unknown = known && tags.find((tag) => !known.has(tag));
      if (known && unknown !== undefined) throw unknownTag(unknown, tokens[tags.indexOf(unknown)], known, place, target.column);
      yield { tokens, tags, ...groupOf(values, place) };
    }
  };
}

/**
 * Makes the function that takes a sentence's words from a record: a list of words, or a text that is split.
 *
 * @param split cuts a text into words
 */
export function taggerInputs(
  records: Records,
  columns: ColumnChoice,
  split: (text: string) => string[],
): (values: readonly Value[], place: string) => string[] {
  const input = onlyPlaceOf(records, "input", columns.input);
  return (values, place) => {
    const value = values[input.place];
    if (typeof value !== "string") return words(value, place, input.column);
    const tokens = split(value);
    if (tokens.length > 0) return tokens;
    throw dataError(place, `column ${show(input.column)}: expected a sentence, received ${show(value)}.`);
  };
}

function unknownTag(
  tag: string,
  token: string | undefined,
  known: ReadonlySet<string>,
  place: string,
  column: string,
): UnrolledError {
  const listed = [...known].slice(0, 20).map(show).join(", ");
  return dataError(place, `column ${show(column)}: unknown tag ${show(tag)} of ${show(token)}; expected one of ${listed}.`);
}

function words(value: Value | undefined, place: string, column: string): string[] {
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string" && item !== ""))
    return value.map(String);
  throw dataError(place, `column ${show(column)}: expected a list of words, received ${show(value)}.`);
}
