import type { Tokenizer } from "./tokenizer.js";

/** What stands for a word that a vocabulary doesn't have. */
const UNKNOWN_WORD = "<unk>";

/**
 * One token: the unknown word, a line break, a number with its points and commas, a word with apostrophes and hyphens inside, or any other
 * single character.
 */
const TOKEN =
  /<unk>|\r\n?|\n|\p{N}+(?:[.,]\p{N}+)+(?![\p{L}\p{M}\p{N}_])|[\p{L}\p{M}\p{N}_]+(?:['’-][\p{L}\p{M}\p{N}_]+)*|[^\s]/gu;
/** One token where spaces cut already. */
const SPACED_TOKEN = /\r\n?|\n|\S+/gu;
/** Marks that are written without a space before, and without one behind. */
const CLOSING = /^[.,;:!?)\]}…’”»]$/u;
const OPENING = /^[([{“«¿¡]$/u;

/**
 * Cuts a text into words, numbers, punctuation marks (each by itself) and line breaks; spaces only part them. Upper and lower case stay.
 * Written as a text again, tokens stand a space apart but for line breaks, closing marks and opening ones, so that the text's tokens are
 * the same tokens again, whatever its spaces were.
 */
export const wordTokenizer: Tokenizer = {
  unknown: UNKNOWN_WORD,
  split: (text) => tokensOf(text, TOKEN),
  between(before, token) {
    if (isAtEdge(before, token) || CLOSING.test(token) || OPENING.test(before ?? "")) return "";
    return " ";
  },
};

/** The same for a text whose words and marks are parted by spaces already, such as the Penn Treebank's: marks stay where they are. */
export const spacedWordTokenizer: Tokenizer = {
  unknown: UNKNOWN_WORD,
  split: (text) => tokensOf(text, SPACED_TOKEN),
  between: (before, token) => (isAtEdge(before, token) ? "" : " "),
};

function tokensOf(text: string, pattern: RegExp): string[] {
  const tokens = text.replace(/\p{Surrogate}/gu, "\ufffd").match(pattern) ?? [];
  return tokens.map((token) => (token.startsWith("\r") ? "\n" : token));
}

/** Whether one of two neighbours is a line break, or there is none before. */
function isAtEdge(before: string | undefined, token: string): boolean {
  return before === undefined || before === "\n" || token === "\n";
}
