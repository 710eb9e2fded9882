import { countTokens, vocabularyOfCounts } from "../../data/text/token-counts.js";
import type { Vocabulary } from "../../data/text/vocabulary.js";
import { Tensor } from "../../tensor/tensor.js";
import type { ClassifierInput } from "./examples.js";
import type { EncodedInput, InputForm, InputPart, InputSurvey } from "./input-form.js";
import { textOf } from "./text-input.js";

/** Characters of a word that are read: of longer ones the first and the last. */
const MOST_CHARACTERS = 20;
/** A word's index, then those of its characters, from 1 on, then zeros. */
const WIDTH = 1 + MOST_CHARACTERS;

/** Texts as words with the characters inside each, which keep their case. An empty text is one unknown word. */
export class SpelledTextInput implements InputForm {
  readonly name = "text";
  readonly words: Vocabulary;
  readonly characters: Vocabulary;
  readonly lowerCase: boolean;

  constructor(words: Vocabulary, characters: Vocabulary, lowerCase: boolean) {
    this.words = words;
    this.characters = characters;
    this.lowerCase = lowerCase;
  }

  encode(input: ClassifierInput, where: string): Int32Array {
    return this.#encode(this.words.split(textOf(input, where)));
  }

  lengthOf({ length }: EncodedInput): number {
    return length / WIDTH;
  }

  /** `[batch, time, 1 + characters of the longest word]` */
  batchOf(encoded: readonly EncodedInput[]) {
    const lengths = Int32Array.from(encoded, (text) => this.lengthOf(text));
    const [time, width] = [Math.max(...lengths), Math.max(...encoded.map(widthOf))];
    const data = new Int32Array(encoded.length * time * width);
    for (const [row, text] of encoded.entries()) {
      for (let step = 0; step < (lengths[row] as number); step++) {
        data.set(text.subarray(step * WIDTH, step * WIDTH + width), (row * time + step) * width);
      }
    }
    return { x: Tensor.owning(data, [encoded.length, time, width]), lengths };
  }

  partsOf(input: ClassifierInput, where: string): InputPart[] {
    const words = this.words.split(textOf(input, where));
    return words.map((part, place) => ({ part, without: this.#encode(words.filter((_, other) => other !== place)) }));
  }

  isMany(value: ClassifierInput | readonly ClassifierInput[]): value is readonly ClassifierInput[] {
    return Array.isArray(value);
  }

  toJson(): object {
    const { symbols } = this.characters;
    return { name: this.name, lowerCase: this.lowerCase, tokens: "both", characters: symbols };
  }

  #encode(words: readonly string[]): Int32Array {
    const known = words.length > 0 ? words : [this.words.symbols[0] as string];
    const data = new Int32Array(known.length * WIDTH);
    for (const [place, word] of known.entries()) {
      data[place * WIDTH] = this.words.indexOf(this.lowerCase ? word.toLowerCase() : word);
      const spelling = shortened(this.characters.encode(word)).map((character) => character + 1);
      data.set(spelling, place * WIDTH + 1);
    }
    return data;
  }
}

/** Counts the words of the training texts, and their characters. */
export class SpelledTextSurvey implements InputSurvey<SpelledTextInput> {
  readonly #lowerCase: boolean;
  readonly #limits: { readonly minimumCount: number; readonly size?: number };
  readonly #words = new Map<string, number>();
  readonly #characters = new Map<string, number>();

  constructor(lowerCase: boolean, limits: { readonly minimumCount: number; readonly size?: number }) {
    this.#lowerCase = lowerCase;
    this.#limits = limits;
  }

  add(input: ClassifierInput, where: string): void {
    const text = textOf(input, where);
    countTokens(this.#lowerCase ? text.toLowerCase() : text, "word", this.#words);
    countTokens(text.replace(/\s+/gu, ""), "char", this.#characters);
  }

  finish(): SpelledTextInput {
    const words = vocabularyOfCounts(this.#words, { tokens: "word", ...this.#limits });
    return new SpelledTextInput(words, vocabularyOfCounts(this.#characters, { tokens: "char" }), this.#lowerCase);
  }
}

/** One more than the characters of a text's longest word. */
function widthOf(text: EncodedInput): number {
  let width = WIDTH;
  while (width > 2 && isFree(text, width - 1)) width--;
  return width;
}

/** Whether no word has a character in a column. */
function isFree(text: EncodedInput, column: number): boolean {
  for (let place = column; place < text.length; place += WIDTH) if (text[place] !== 0) return false;
  return true;
}

function shortened(characters: Int32Array): Int32Array {
  if (characters.length <= MOST_CHARACTERS) return characters;
  const half = MOST_CHARACTERS / 2;
  return Int32Array.of(...characters.subarray(0, half), ...characters.subarray(-half));
}
