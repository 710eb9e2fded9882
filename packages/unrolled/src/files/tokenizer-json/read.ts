import { MOST_PIECES } from "../../data/text/pieces/merge.js";
import { PieceTokenizer } from "../../data/text/pieces/piece-tokenizer.js";
import type { AddedPiece } from "../../data/text/pieces/rules.js";
import { UnrolledError } from "../../errors.js";
import { type JsonObject, readJsonObject } from "../json/object.js";
import { isJsonArray, type JsonValue, showJson } from "../json/value.js";
import { readCuts } from "./read-cuts.js";
import { readDecoders } from "./read-decoders.js";
import { readNormalizers } from "./read-normalizers.js";

/** What a tokenizer does to a text for a model of its own: taken note of, and not followed. */
const NOT_FOLLOWED = ["version", "truncation", "padding", "post_processor"] as const;

/**
 * Reads a tokenizer of byte-pair pieces from a Hugging Face `tokenizer.json`: GPT-2's and Llama 3's on bytes, Llama 2's with a mark for
 * spaces, those that white space cuts. A rule that isn't followed here is refused by its name, but for what is done with the pieces afterwards
 * (`truncation`, `padding`, `post_processor`), which is left to whoever uses them. Nothing in the file is run, and patterns are taken from those that
 * are known alone.
 *
 * @param source what the bytes are, in the words of an error message: a path, say
 * @throws {UnrolledError} `UNROLLED_FILE` where the file is damaged, or asks for what isn't supported.
 */
export function readTokenizer(bytes: Uint8Array, source = "tokenizer.json"): PieceTokenizer {
  const file = readJsonObject(bytes, source);
  for (const name of NOT_FOLLOWED) file.has(name);
  const model = file.object("model");
  model.oneOf("type", ["BPE"]);
  if (model.given("dropout") && model.number("dropout") !== 0) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${source}: \`model.dropout\` draws pieces by chance, which isn't supported; set it to null.`,
    );
  }
  const vocabulary = model.object("vocab");
  const ids = new Map(vocabulary.fields().map((piece) => [piece, vocabulary.integer(piece, { min: 0, max: MOST_PIECES })]));
  const added = file.given("added_tokens")
    ? file.array("added_tokens", "object").map((entry) => readAdded(entry, ids, source))
    : [];
  const pieces = inOrder(ids, source);
  const rules = {
    pieces,
    merges: readMerges(model.array("merges", "value"), ids, source),
    added,
    normalizers: file.given("normalizer") ? readNormalizers(file.object("normalizer")) : [],
    cuts: file.given("pre_tokenizer") ? readCuts(file.object("pre_tokenizer"), source) : [],
    decoders: file.given("decoder") ? readDecoders(file.object("decoder"), source) : [],
    ...readUnknown(model, ids, source),
    ...flag(model, "fuse_unk", "fuseUnknown"),
    ...flag(model, "byte_fallback", "byteFallback"),
    ...flag(model, "ignore_merges", "ignoreMerges"),
    ...text(model, "continuing_subword_prefix", "continuingSubwordPrefix"),
    ...text(model, "end_of_word_suffix", "endOfWordSuffix"),
  };
  file.finish();
  try {
    return new PieceTokenizer(rules);
  } catch (cause) {
    throw new UnrolledError("UNROLLED_FILE", `${source}: ${(cause as Error).message}`, { cause });
  }
}

/** An added piece; one that the vocabulary hasn't is put there. */
function readAdded(entry: JsonObject, ids: Map<string, number>, source: string): AddedPiece {
  const id = entry.integer("id", { min: 0, max: MOST_PIECES });
  const content = entry.string("content");
  entry.has("normalized");
  for (const name of ["single_word", "lstrip", "rstrip"]) {
    if (entry.given(name) && entry.boolean(name)) {
      throw new UnrolledError(
        "UNROLLED_FILE",
        `${source}: \`${name}\` of the added token ${JSON.stringify(content)} isn't supported; set it to false.`,
      );
    }
  }
  const known = ids.get(content);
  if (known !== undefined && known !== id) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${source}: the added token ${JSON.stringify(content)} has id ${id}, and ${known} in \`model.vocab\`; keep one of them.`,
    );
  }
  ids.set(content, id);
  return { id, special: entry.given("special") && entry.boolean("special") };
}

/** The pieces by their ids, which are 0, 1, 2 … without a gap. */
function inOrder(ids: ReadonlyMap<string, number>, source: string): string[] {
  const pieces = new Array<string | undefined>(ids.size).fill(undefined);
  for (const [piece, id] of ids) {
    if (id >= pieces.length || pieces[id] !== undefined) {
      throw new UnrolledError(
        "UNROLLED_FILE",
        `${source}: the ids of ${ids.size} pieces must be 0 to ${ids.size - 1}, each once, received ${id} for ${JSON.stringify(piece)}` +
          `${pieces[id] === undefined ? "" : ` and for ${JSON.stringify(pieces[id])}`}.`,
      );
    }
    pieces[id] = piece;
  }
  return pieces as string[];
}

function readMerges(merges: readonly JsonValue[], ids: ReadonlyMap<string, number>, source: string): Int32Array {
  const pairs = new Int32Array(2 * merges.length);
  for (const [rank, merge] of merges.entries()) {
    const sides = typeof merge === "string" ? merge.split(" ") : merge;
    if (!isJsonArray(sides) || sides.length !== 2 || sides.some((side) => typeof side !== "string" || side === "")) {
      throw new UnrolledError(
        "UNROLLED_FILE",
        `${source}: \`model.merges[${rank}]\` must be two pieces, as "a b" or ["a", "b"], received ${showJson(merge)}.`,
      );
    }
    for (const [side, piece] of (sides as readonly string[]).entries()) {
      const id = ids.get(piece);
      if (id === undefined) {
        throw new UnrolledError(
          "UNROLLED_FILE",
          `${source}: \`model.merges[${rank}]\` must be of pieces in \`model.vocab\`, received ${JSON.stringify(piece)}.`,
        );
      }
      pairs[2 * rank + side] = id;
    }
  }
  return pairs;
}

function readUnknown(model: JsonObject, ids: ReadonlyMap<string, number>, source: string): { unknown?: number } {
  if (!model.given("unk_token")) return {};
  const piece = model.string("unk_token");
  const unknown = ids.get(piece);
  if (unknown !== undefined) return { unknown };
  throw new UnrolledError(
    "UNROLLED_FILE",
    `${source}: \`model.unk_token\` must be a piece of \`model.vocab\`, received ${JSON.stringify(piece)}.`,
  );
}

function flag<N extends string>(model: JsonObject, field: string, name: N): { [K in N]?: boolean } {
  return (model.given(field) && model.boolean(field) ? { [name]: true } : {}) as { [K in N]?: boolean };
}

function text<N extends string>(model: JsonObject, field: string, name: N): { [K in N]?: string } {
  const given = model.given(field) ? model.string(field) : "";
  return (given === "" ? {} : { [name]: given }) as { [K in N]?: string };
}
