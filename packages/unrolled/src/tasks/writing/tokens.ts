import { countTokens, vocabularyOfCounts } from "../../data/text/token-counts.js";
import { TOKEN_UNITS, type TokenUnit } from "../../data/text/tokenizer.js";
import { LEAST_PIECE_VOCABULARY } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import { checkChoice, checkCount } from "../../layers/options.js";
import { checkBoolean } from "../options.js";
import { TextSide } from "./text-side.js";

/** How texts become tokens, and which are learned. */
export interface TextTokens {
  /** Words, characters, or pieces of words that are learned from the training texts (`trainPieces`). Default: word. */
  tokens: TokenUnit;
  /** Whether marks are words by themselves; false for texts whose words spaces part already. Default: true. */
  splitPunctuation: boolean;
  /** Whether upper case is read, and written, as lower case. Default: false. */
  lowerCase: boolean;
  /**
   * How often a token stands in the training texts at least; others are one unknown token. Default: 1 for characters, 2 for words. Of pieces, how often
   * two stand side by side to become one. Default: 2.
   */
  minimumCount: number | undefined;
  /** How many tokens are learned at most on each side, the most frequent ones, the unknown one counted too. Default: 30,000; of pieces 500 to 8,000 by the length of the texts. */
  vocabularySize: number | undefined;
}

export const TOKEN_OPTIONS = ["tokens", "splitPunctuation", "lowerCase", "minimumCount", "vocabularySize"] as const;

/**
 * @param units what texts become, where that is not one unit for all of them
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is out of range, or says nothing of such tokens.
 */
export function resolveTokens(
  where: string,
  options: Partial<TextTokens>,
  units?: readonly (TokenUnit | undefined)[],
): TextTokens {
  const { tokens = "word", minimumCount, vocabularySize } = options;
  const isOfWords = units ? units.some((unit) => (unit ?? tokens) === "word") : tokens === "word";
  if (options.splitPunctuation === false && !isOfWords) {
    throw new UnrolledError("UNROLLED_VALUE", `${where}: \`splitPunctuation: false\` is about words; set tokens: "word" too.`);
  }
  const least = tokens === "piece" ? LEAST_PIECE_VOCABULARY : 2;
  return {
    tokens: checkChoice(where, "tokens", tokens, TOKEN_UNITS),
    splitPunctuation: checkBoolean(where, "splitPunctuation", options.splitPunctuation ?? true),
    lowerCase: checkBoolean(where, "lowerCase", options.lowerCase ?? false),
    minimumCount: minimumCount === undefined ? undefined : checkCount(where, "minimumCount", minimumCount),
    vocabularySize: vocabularySize === undefined ? undefined : checkCount(where, "vocabularySize", vocabularySize, least),
  };
}

/** Counts the tokens of one side's training texts, and keeps the longest. */
export class SideSurvey {
  readonly #tokens: TextTokens;
  readonly #counts = new Map<string, number>();
  #longest = "";

  constructor(tokens: TextTokens) {
    this.#tokens = tokens;
  }

  add(text: string): void {
    if (text.length > this.#longest.length) this.#longest = text;
    const { tokens, splitPunctuation, lowerCase } = this.#tokens;
    countTokens(lowerCase ? text.toLowerCase() : text, tokens, this.#counts, splitPunctuation);
  }

  /** The text of most characters: all are not held. */
  get longest(): string {
    return this.#longest;
  }

  /** @throws {UnrolledError} `UNROLLED_DATA` where no token is frequent enough. */
  finish(where: string): TextSide {
    const { tokens, splitPunctuation, lowerCase, minimumCount, vocabularySize } = this.#tokens;
    const count = minimumCount ?? (tokens === "char" ? 1 : 2);
    const limited = tokens === "piece" ? vocabularySize : (vocabularySize ?? 30_000);
    try {
      const vocabulary = vocabularyOfCounts(this.#counts, {
        tokens,
        minimumCount: count,
        ...(tokens === "word" ? { splitPunctuation } : {}),
        ...(limited === undefined ? {} : { size: limited }),
      });
      return new TextSide(vocabulary, lowerCase);
    } catch (cause) {
      const mend = count > 1 ? "; set minimumCount: 1" : "";
      throw new UnrolledError(
        "UNROLLED_DATA",
        `${where}: no token stands often enough in the training texts (${count} times)${mend}.`,
        {
          cause,
        },
      );
    }
  }
}
