import type { PieceTokenizer } from "../../data/text/pieces/piece-tokenizer.js";
import { type Cut, type Decoder, type Normalizer, PATTERNS } from "../../data/text/pieces/rules.js";

/** A tokenizer as a Hugging Face `tokenizer.json`, which `readTokenizer` and Hugging Face's own libraries read. */
export function writeTokenizer(tokenizer: PieceTokenizer): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(tokenizerFields(tokenizer))}\n`);
}

/** The fields of that file. */
export function tokenizerFields({ rules }: PieceTokenizer): object {
  const { pieces, merges, added, unknown } = rules;
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added.map(({ id, special }) => ({
      id,
      content: pieces[id],
      ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
      special,
    })),
    normalizer: inSequence("normalizers", rules.normalizers.map(normalizerFields)),
    pre_tokenizer: inSequence("pretokenizers", rules.cuts.map(cutFields)),
    post_processor: null,
    decoder: inSequence("decoders", rules.decoders.map(decoderFields)),
    model: {
      type: "BPE",
      dropout: null,
      unk_token: unknown === undefined ? null : pieces[unknown],
      continuing_subword_prefix: rules.continuingSubwordPrefix ?? null,
      end_of_word_suffix: rules.endOfWordSuffix ?? null,
      fuse_unk: rules.fuseUnknown ?? false,
      byte_fallback: rules.byteFallback ?? false,
      ignore_merges: rules.ignoreMerges ?? false,
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      merges: Array.from({ length: merges.length / 2 }, (_, rank) => [
        pieces[merges[2 * rank] as number],
        pieces[merges[2 * rank + 1] as number],
      ]).map((pair) => (pair.every((piece) => !piece?.includes(" ")) ? pair.join(" ") : pair)),
    },
  };
}

/** No rule, the rule, or several of them in a sequence. */
function inSequence(name: string, steps: readonly object[]): object | null {
  if (steps.length < 2) return steps[0] ?? null;
  return { type: "Sequence", [name]: steps };
}

function normalizerFields(rule: Normalizer): object {
  return rule.type === "Replace" ? { ...rule, pattern: { String: rule.pattern } } : rule;
}

function cutFields(cut: Cut): object {
  switch (cut.type) {
    case "ByteLevel":
      return { type: cut.type, add_prefix_space: cut.addPrefixSpace, trim_offsets: true, use_regex: cut.useRegex };
    case "Metaspace":
      return { type: cut.type, replacement: cut.replacement, prepend_scheme: cut.prependScheme, split: cut.split };
    case "Split":
      return { type: cut.type, pattern: { Regex: PATTERNS[cut.pattern] }, behavior: "Isolated", invert: false };
    case "Digits":
      return { type: cut.type, individual_digits: cut.individualDigits };
    case "Whitespace":
    case "WhitespaceSplit":
      return { type: cut.type };
  }
}

function decoderFields(rule: Decoder): object {
  switch (rule.type) {
    case "ByteLevel":
      return { type: rule.type, add_prefix_space: true, trim_offsets: true, use_regex: true };
    case "Metaspace":
      return { type: rule.type, replacement: rule.replacement, prepend_scheme: rule.prependScheme, split: true };
    case "Replace":
      return { ...rule, pattern: { String: rule.pattern } };
    case "Strip":
      return { type: rule.type, content: " ", start: 1, stop: 0 };
    case "BPEDecoder":
    case "ByteFallback":
    case "Fuse":
      return rule;
  }
}
