/** What a text is cut into: characters, words, or pieces of words. */
export type TokenUnit = "char" | "word" | "piece";

export const TOKEN_UNITS: readonly TokenUnit[] = ["char", "word", "piece"];

/** Cuts a text into tokens and writes tokens as a text. */
export interface Tokenizer {
  /** What stands for a token that a vocabulary doesn't have. */
  readonly unknown: string;
  /** The tokens of a text, in order. */
  split(text: string): string[];
  /** What stands between two tokens of a text, `before` being undefined at its beginning. */
  between(before: string | undefined, token: string): string;
}

/** A text of which each token is what `tokenizer.split` gave, with what stands between. */
export function joined(tokenizer: Tokenizer, tokens: Iterable<string>): string {
  let text = "";
  let before: string | undefined;
  for (const token of tokens) {
    text += tokenizer.between(before, token) + token;
    before = token;
  }
  return text;
}

/** Writes a text one token after the other. */
export interface TextWriter {
  /**
   * What the token of an index adds to the text: a character, a word with the space before it, or those characters that a piece makes
   * whole, which may be none.
   */
  write(index: number): string;
  /** Ends the text: what stands for a character that was begun and not completed, else nothing. */
  end(): string;
}
