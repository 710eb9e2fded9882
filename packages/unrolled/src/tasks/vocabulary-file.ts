import { TOKEN_UNITS } from "../data/text/tokenizer.js";
import { Vocabulary } from "../data/text/vocabulary.js";
import { UnrolledError } from "../errors.js";
import { readJsonObject } from "../files/json/object.js";
import { type ModelStore, readRequired } from "../files/store.js";

const NAME = "vocabulary.json";

/** A vocabulary's file, by its name. */
export function vocabularyFile({ tokens, splitPunctuation, symbols }: Vocabulary): Record<string, object> {
  return { [NAME]: tokens === "word" ? { tokens, splitPunctuation, symbols } : { tokens, symbols } };
}

/** @throws {UnrolledError} `UNROLLED_FILE` where it is missing or damaged. */
export async function readVocabulary(store: ModelStore): Promise<Vocabulary> {
  const source = `${store.description}/${NAME}`;
  const file = readJsonObject(await readRequired(store, NAME), source);
  const tokens = file.has("tokens") ? file.oneOf("tokens", TOKEN_UNITS) : "char";
  const splitPunctuation = tokens === "word" ? file.boolean("splitPunctuation") : true;
  const symbols = file.array("symbols", "string", { minLength: 2 });
  file.finish();
  try {
    return new Vocabulary(symbols, { tokens, splitPunctuation });
  } catch (cause) {
    throw new UnrolledError("UNROLLED_FILE", `${source}: ${(cause as Error).message}`, { cause });
  }
}
