import { Vocabulary } from "../data/text/vocabulary.js";
import { UnrolledError } from "../errors.js";
import { readJsonObject } from "../files/json/object.js";
import { type ModelStore, readRequired } from "../files/store.js";
import { readTokenizer } from "../files/tokenizer-json/read.js";
import { tokenizerFields } from "../files/tokenizer-json/write.js";

/** A model's vocabulary as its file: `tokenizer.json` of pieces, as Hugging Face's libraries read it, else `vocabulary.json`. */
export function vocabularyFile({ tokens, splitPunctuation, symbols, tokenizer }: Vocabulary): Record<string, object> {
  if (tokenizer) return { "tokenizer.json": tokenizerFields(tokenizer) };
  return { "vocabulary.json": tokens === "word" ? { tokens, splitPunctuation, symbols } : { tokens, symbols } };
}

/**
 * Reads a model's vocabulary.
 *
 * @param isOfPieces whether its tokens are pieces. Default: false.
 * @param prefix what the file's name begins with, where a model has several. Default: nothing.
 * @throws {UnrolledError} `UNROLLED_FILE` where the file is missing or damaged.
 */
export async function readVocabulary(store: ModelStore, isOfPieces = false, prefix = ""): Promise<Vocabulary> {
  const name = prefix + (isOfPieces ? "tokenizer.json" : "vocabulary.json");
  const source = `${store.description}/${name}`;
  const bytes = await readRequired(store, name);
  if (isOfPieces) return new Vocabulary(readTokenizer(bytes, source));
  const file = readJsonObject(bytes, source);
  const tokens = file.has("tokens") ? file.oneOf("tokens", ["char", "word"]) : "char";
  const splitPunctuation = tokens === "word" ? file.boolean("splitPunctuation") : true;
  const symbols = file.array("symbols", "string", { minLength: 2 });
  file.finish();
  try {
    return new Vocabulary(symbols, { tokens, splitPunctuation });
  } catch (cause) {
    throw new UnrolledError("UNROLLED_FILE", `${source}: ${(cause as Error).message}`, { cause });
  }
}
