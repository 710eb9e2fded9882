/**
 * What a piece tokenizer does, as data: the rules of a Hugging Face `tokenizer.json`, by the names that they have there, as far as
 * they are followed here.
 */
export interface PieceRules {
  /** The pieces by their ids, as they are spelled in the file; added ones too. */
  readonly pieces: readonly string[];
  /** Which two pieces become one, from the first learned on: ids of left and right, one after the other. */
  readonly merges: Int32Array;
  /** Pieces that are found in a text before anything else is done with it, such as `<|endoftext|>`. */
  readonly added: readonly AddedPiece[];
  /** What a text is changed to first, in this order. */
  readonly normalizers: readonly Normalizer[];
  /** What cuts a text into words, in this order; no piece goes over the edge of a word. */
  readonly cuts: readonly Cut[];
  /** What turns pieces into a text again, in this order; without one, pieces stand a space apart. */
  readonly decoders: readonly Decoder[];
  /** The id of what no piece stands for. */
  readonly unknown?: number;
  /** Whether several such characters side by side are one. */
  readonly fuseUnknown?: boolean;
  /** Whether a character without a piece is read as its bytes, by pieces such as `<0xE2>`. */
  readonly byteFallback?: boolean;
  /** Whether a word that is a piece is taken whole, whatever the merges. */
  readonly ignoreMerges?: boolean;
  /** Stands before each character of a word but the first. */
  readonly continuingSubwordPrefix?: string;
  /** Stands behind the last character of a word. */
  readonly endOfWordSuffix?: string;
}

/** A piece that stands in a text as it is. */
export interface AddedPiece {
  readonly id: number;
  readonly special: boolean;
}

/** Changes a text before it is cut. */
export type Normalizer =
  | { readonly type: "NFC" | "NFD" | "NFKC" | "NFKD" | "Lowercase" }
  | { readonly type: "Prepend"; readonly prepend: string }
  | { readonly type: "Replace"; readonly pattern: string; readonly content: string };

/** Where the character that stands for a space is put before a text. */
export type PrependScheme = "always" | "first" | "never";

/** Cuts a text into words. */
export type Cut =
  | { readonly type: "ByteLevel"; readonly addPrefixSpace: boolean; readonly useRegex: boolean }
  | { readonly type: "Metaspace"; readonly replacement: string; readonly prependScheme: PrependScheme; readonly split: boolean }
  | { readonly type: "Split"; readonly pattern: KnownPattern }
  | { readonly type: "Digits"; readonly individualDigits: boolean }
  | { readonly type: "Whitespace" | "WhitespaceSplit" };

/** Turns pieces into a text. */
export type Decoder =
  | { readonly type: "ByteLevel" | "ByteFallback" | "Fuse" | "Strip" }
  | { readonly type: "Metaspace"; readonly replacement: string; readonly prependScheme: PrependScheme }
  | { readonly type: "Replace"; readonly pattern: string; readonly content: string }
  | { readonly type: "BPEDecoder"; readonly suffix: string };

/** A pattern that words are found by, of those that are known: a pattern out of a stranger's file could take for ever. */
export type KnownPattern = keyof typeof PATTERNS;

/** GPT-2's (Radford et al. 2019), GPT-4's with up to three digits together, as Llama 3 has it, and Qwen 2's with digits by themselves. */
export const PATTERNS = {
  gpt2: "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  llama3:
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  qwen2:
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
} as const;
