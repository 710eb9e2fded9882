import { codePointsOf } from "./characters.js";
import type { Vocabulary } from "./vocabulary.js";

/**
 * How many characters of a text a token has on average, all but the first token, which a language model doesn't predict. The loss per token divided
 * by it is that per character, which can be compared between models of characters and of pieces.
 *
 * Undefined where tokens don't tell every character of the text, such as words, which lose spaces.
 */
export function charactersPerToken(vocabulary: Vocabulary, text: string): number | undefined {
  if (vocabulary.tokens === "char") return 1;
  if (vocabulary.tokens === "word") return undefined;
  const indices = vocabulary.encode(text);
  if (indices.length < 2 || indices.includes(0) || vocabulary.decode(indices) !== text.toWellFormed()) return undefined;
  const [first = ""] = vocabulary.split(text);
  return (codePointsOf(text).length - codePointsOf(first).length) / (indices.length - 1);
}
