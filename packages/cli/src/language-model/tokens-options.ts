import { UnrolledError } from "unrolled";
import { type LanguageModelOptions, type TokenUnit, Vocabulary } from "unrolled/tasks";
import type { Host } from "../host.js";
import { checkPieceArguments, pieceOptions } from "../training/given-pieces.js";
import { checkWordVectorArguments, type WordVectorArguments, wordVectorOptions } from "../training/word-vectors.js";

/** What the command line says about tokens. */
export interface TokensOptions extends WordVectorArguments {
  tokens: TokenUnit;
  splitPunctuation: boolean;
  minimumCount?: number;
  vocabularySize?: number;
  /** A file. */
  tokenizer?: string;
}

/**
 * The options of a task for what the command line says: reads the files that it names, of word vectors those of the words of the text.
 *
 * @param train the text that the words are from
 * @throws {UnrolledError} what is wrong with the files.
 */
export async function tokensOptions(host: Host, options: TokensOptions, train: string): Promise<Partial<LanguageModelOptions>> {
  const { tokens, splitPunctuation, tokenizer: _, wordVectors: __, freezeWordVectors: ___, ...others } = options;
  return {
    ...{ tokens, splitPunctuation, ...others },
    ...(await pieceOptions(options)),
    ...(await wordVectorOptions(host, options, () => Vocabulary.of(train, { tokens, splitPunctuation }).symbols.slice(1))),
  };
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for options that don't go together. */
export function checkTokensOptions(options: TokensOptions): void {
  const { tokens, splitPunctuation } = options;
  if (!splitPunctuation && tokens !== "word") {
    throw new UnrolledError("UNROLLED_VALUE", "--no-split-punctuation is about words; add --tokens word.");
  }
  checkPieceArguments(options, ["minimumCount", "vocabularySize"]);
  checkWordVectorArguments(options, tokens === "word" ? undefined : "--word-vectors are for words; add --tokens word.");
}
