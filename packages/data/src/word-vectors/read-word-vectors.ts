import { UnrolledError } from "unrolled";
import { DataFile } from "../files/data-file.js";
import { type Line, lines } from "../files/lines.js";
import { checkKnown } from "../options.js";

/** How `readWordVectors` reads. */
export interface ReadWordVectorsOptions {
  /** The words that are kept, and their lower case, since many files know no upper case: a vocabulary's, say. Default: all of the file. */
  words?: Iterable<string>;
  /** Called with one sentence each time a line of the file is passed over. */
  onNote?: (note: string) => void;
}

/** In bytes, longer than a line of any such file: thousands of numbers. */
const LONGEST_LINE = 2 ** 20;
/** More numbers than any file has for a word. */
const MOST_NUMBERS = 65_536;
const HEADER = /^(\d+) (\d+)$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** What is a number and hardly a part of a word. */
const DECIMAL = /^[+-]?\d*\.\d+(?:e[+-]?\d+)?$/i;

/**
 * Reads word vectors from a text: word2vec's format (Mikolov et al. 2013), which begins with a line of how many words there are and how many numbers
 * each has, or GloVe's (Pennington et al. 2014), which doesn't. A line is a word and its numbers, with spaces between them; a
 * word may have spaces too. A name that ends in `.gz` is decompressed. The file is read line by line, and no more is held than the words that are
 * kept; of all others, only the number of columns is looked at.
 *
 * @throws {UnrolledError} `UNROLLED_DATA`, with path and line, where a line has not as many numbers as the others, a number is none, or the
 * file has not as many words as it says.
 */
export async function readWordVectors(path: string, options: ReadWordVectorsOptions = {}): Promise<Map<string, Float32Array>> {
  checkKnown("readWordVectors", options, ["words", "onNote"]);
  const wanted = options.words && wantedWords(options.words);
  const vectors = new Map<string, Float32Array>();
  let header: { words: number; numbers: number } | undefined;
  let numbers = 0;
  let words = 0;
  for await (const line of lines(new DataFile(path, "word vectors"), LONGEST_LINE, "")) {
    if (line.number === 1) {
      header = headerOf(line.text);
      numbers = header ? header.numbers : columnsOf(line.text);
      if (numbers < 1 || numbers > MOST_NUMBERS) throw fault(path, line, `a word and 1 to ${MOST_NUMBERS} numbers`, line.text);
      if (header) continue;
    }
    const text = line.text.trimEnd();
    if (text === "") continue;
    words++;
    const end = wordEnd(path, line, text, numbers);
    const word = text.slice(0, end);
    if (wanted && !wanted.has(word)) continue;
    if (vectors.has(word)) {
      options.onNote?.(`${path}:${line.number}: passed over ${JSON.stringify(word)}, which stood in the file before.`);
      continue;
    }
    vectors.set(ofItsOwn(word), vectorOf(path, line, text.slice(end + 1)));
  }
  if (words === 0) throw new UnrolledError("UNROLLED_DATA", `${path}: has no word; expected a word and its numbers a line.`);
  if (header && header.words !== words) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${path}: has ${words} words, expected ${header.words} as its first line says; is it whole?`,
    );
  }
  return vectors;
}

/** A copy, because a part of a string may keep all of it. */
function ofItsOwn(word: string): string {
  return Buffer.from(word).toString();
}

function wantedWords(words: Iterable<string>): ReadonlySet<string> {
  const wanted = new Set<string>();
  for (const word of words) wanted.add(word).add(word.toLowerCase());
  return wanted;
}

function headerOf(text: string): { words: number; numbers: number } | undefined {
  const [, words, numbers] = HEADER.exec(text.trimEnd()) ?? [];
  return words === undefined ? undefined : { words: Number(words), numbers: Number(numbers) };
}

/** How many numbers the first line ends with; a word comes before. */
function columnsOf(text: string): number {
  const columns = text.trimEnd().split(" ");
  const last = columns.findLastIndex((column) => !NUMBER.test(column));
  return columns.length - Math.max(1, last + 1);
}

/** Where the word of a line ends: before the last `numbers` spaces. */
function wordEnd(path: string, line: Line, text: string, numbers: number): number {
  let end = text.length;
  let found = 0;
  while (found < numbers && end > 0) {
    end = text.lastIndexOf(" ", end - 1);
    if (end > 0) found++;
  }
  // a number too many looks like the end of a word with spaces
  const surplus =
    found === numbers && DECIMAL.test(text.slice(text.lastIndexOf(" ", end - 1) + 1, end)) && text.slice(0, end).includes(" ");
  if (found === numbers && !surplus) return end;
  throw fault(path, line, `a word and ${numbers} numbers`, `${text.split(" ").length - 1}`);
}

function vectorOf(path: string, line: Line, text: string): Float32Array {
  const columns = text.split(" ");
  return Float32Array.from(columns, (column) => {
    const value = NUMBER.test(column) ? Math.fround(Number(column)) : Number.NaN;
    if (Number.isFinite(value)) return value;
    throw fault(path, line, `a word and ${columns.length} finite numbers`, JSON.stringify(column.slice(0, 60)));
  });
}

function fault(path: string, { number }: Line, expected: string, received: string): UnrolledError {
  const shown = received.length > 60 ? `${received.slice(0, 60)}…` : received;
  return new UnrolledError("UNROLLED_DATA", `${path}:${number}: expected ${expected}, received ${shown}.`);
}
