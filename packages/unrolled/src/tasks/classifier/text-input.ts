import { paddedIndices } from "../../data/padding.js";
import type { PieceTokenizer } from "../../data/text/pieces/piece-tokenizer.js";
import { countTokens, vocabularyOfCounts } from "../../data/text/token-counts.js";
import type { TokenUnit } from "../../data/text/tokenizer.js";
import { Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import { type ClassifierInput, shown } from "./examples.js";
import type { EncodedInput, InputForm, InputPart, InputSurvey } from "./input-form.js";

/** How a text is read. */
export interface TextReading {
  readonly tokens: TokenUnit;
  readonly lowerCase: boolean;
}

/** Texts as indices of words, characters or pieces. An empty text is one unknown token. */
export class TextInput implements InputForm {
  readonly name = "text";
  readonly vocabulary: Vocabulary;
  readonly lowerCase: boolean;

  constructor(vocabulary: Vocabulary, lowerCase: boolean) {
    this.vocabulary = vocabulary;
    this.lowerCase = lowerCase;
  }

  encode(input: ClassifierInput, where: string): Int32Array {
    const indices = this.vocabulary.encode(folded(textOf(input, where), this.lowerCase));
    return indices.length > 0 ? indices : new Int32Array(1);
  }

  lengthOf({ length }: EncodedInput): number {
    return length;
  }

  batchOf(encoded: readonly EncodedInput[]) {
    return paddedIndices(encoded);
  }

  partsOf(input: ClassifierInput, where: string): InputPart[] {
    const encoded = this.encode(input, where);
    const tokens = this.vocabulary.split(folded(textOf(input, where), this.lowerCase));
    return tokens.map((part, place) => {
      const without = encoded.filter((_, other) => other !== place);
      return { part, without: without.length > 0 ? without : new Int32Array(1) };
    });
  }

  isMany(value: ClassifierInput | readonly ClassifierInput[]): value is readonly ClassifierInput[] {
    return Array.isArray(value);
  }

  toJson(): object {
    const { tokens } = this.vocabulary;
    return { name: this.name, lowerCase: this.lowerCase, ...(tokens === "piece" ? { tokens } : {}) };
  }
}

/** Counts the tokens of the training texts. */
export class TextSurvey implements InputSurvey<TextInput> {
  readonly #reading: TextReading;
  readonly #limits: { readonly minimumCount: number; readonly size?: number };
  readonly #tokenizer: PieceTokenizer | undefined;
  readonly #counts = new Map<string, number>();

  /** @param tokenizer pieces that were learned elsewhere */
  constructor(
    reading: TextReading,
    limits: { readonly minimumCount: number; readonly size?: number },
    tokenizer?: PieceTokenizer,
  ) {
    this.#reading = reading;
    this.#limits = limits;
    this.#tokenizer = tokenizer;
  }

  add(input: ClassifierInput, where: string): void {
    const text = folded(textOf(input, where), this.#reading.lowerCase);
    if (!this.#tokenizer) countTokens(text, this.#reading.tokens, this.#counts);
  }

  finish(): TextInput {
    const { tokens, lowerCase } = this.#reading;
    const tokenizer = this.#tokenizer;
    const learned = () => vocabularyOfCounts(this.#counts, { tokens, ...this.#limits });
    return new TextInput(tokenizer ? new Vocabulary(tokenizer) : learned(), lowerCase);
  }
}

function folded(text: string, lowerCase: boolean): string {
  return lowerCase ? text.toLowerCase() : text;
}

/** @throws {UnrolledError} `UNROLLED_DATA` for what is no text. */
export function textOf(input: ClassifierInput, where: string): string {
  if (typeof input === "string") return input;
  throw new UnrolledError("UNROLLED_DATA", `${where}: \`input\` must be a text as the others are, received ${shown(input)}.`);
}
