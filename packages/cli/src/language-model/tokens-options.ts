import { readFile } from "node:fs/promises";
import { UnrolledError } from "unrolled";
import { readTokenizer } from "unrolled/files";
import { type LanguageModelOptions, type TokenUnit, Vocabulary } from "unrolled/tasks";
import type { Host } from "../host.js";
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
  const { tokens, splitPunctuation, tokenizer, wordVectors: _, freezeWordVectors: __, ...others } = options;
  return {
    ...{ tokens, splitPunctuation, ...others },
    ...(tokenizer === undefined ? {} : { tokenizer: readTokenizer(await bytesOf(tokenizer), tokenizer) }),
    ...(await wordVectorOptions(host, options, () => Vocabulary.of(train, { tokens, splitPunctuation }).symbols.slice(1))),
  };
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for options that don't go together. */
export function checkTokensOptions(options: TokensOptions): void {
  const { tokens, splitPunctuation, minimumCount, vocabularySize, tokenizer } = options;
  const faults: readonly (readonly [isFault: boolean, message: string])[] = [
    [!splitPunctuation && tokens !== "word", "--no-split-punctuation is about words; add --tokens word."],
    [tokenizer !== undefined && tokens !== "piece", "--tokenizer is about pieces; add --tokens piece."],
    [
      tokenizer !== undefined && (minimumCount !== undefined || vocabularySize !== undefined),
      "--tokenizer has learned its pieces already; leave --minimum-count and --vocabulary-size out.",
    ],
  ];
  const [fault] = faults.filter(([isFault]) => isFault);
  if (fault) throw new UnrolledError("UNROLLED_VALUE", fault[1]);
  checkWordVectorArguments(options, tokens === "word" ? undefined : "--word-vectors are for words; add --tokens word.");
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new UnrolledError("UNROLLED_DATA", `${path}: cannot be read (${(cause as Error).message}).`, { cause });
  }
}
