import { UnrolledError } from "unrolled";
import { dataError, show } from "../data-error.js";
import { DataFile } from "../files/data-file.js";
import { type Line, lines } from "../files/lines.js";
import { checkKnown } from "../options.js";
import type { Records, Row } from "../records/records.js";

/** How a file of a token a line is read. */
export interface ConllOptions {
  /** The column of the tokens, from 1, or from -1 backwards. Default: 1, in CoNLL-U 2, the form. */
  tokenColumn?: number;
  /** The column of the tags. Default: -1, the last, in CoNLL-U 4, the universal part of speech. */
  tagColumn?: number;
}

/** How the two kinds of files are written. */
interface Layout {
  readonly format: "conll" | "conllu";
  /** Between columns. */
  readonly separator: RegExp | string;
  readonly tokenColumn: number;
  readonly tagColumn: number;
  /** Lines that are no token of a sentence. */
  isSkipped(line: string, columns: readonly string[]): boolean;
}

/** A file without empty lines would be one sentence. */
const MAXIMUM_TOKENS = 100_000;
const MAXIMUM_LINE_BYTES = 2 ** 20;

/**
 * Opens a file in the manner of the CoNLL shared tasks: a token a line, columns parted by spaces or tabs, an empty line after each sentence; lines
 * that begin with `-DOCSTART-` are left out. A record is a sentence, with the columns `tokens` and `tags`, which is empty where a file has tokens alone.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` with file and line for a line that doesn't have these columns.
 */
export function openConll(path: string, options: ConllOptions = {}): Promise<Records> {
  return openSentences(path, options, {
    format: "conll",
    separator: /[ \t]+/,
    tokenColumn: 1,
    tagColumn: -1,
    isSkipped: (line) => line.startsWith("-DOCSTART-"),
  });
}

/**
 * Opens a CoNLL-U file (https://universaldependencies.org/format.html): ten columns parted by tabs. Comments, multiword tokens (`1-2`) and empty nodes
 * (`1.1`) are left out. A record is a sentence, with the columns `tokens` and `tags`.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` with file and line for a line that doesn't have ten columns.
 */
export function openConllu(path: string, options: ConllOptions = {}): Promise<Records> {
  return openSentences(path, options, {
    format: "conllu",
    separator: "\t",
    tokenColumn: 2,
    tagColumn: 4,
    isSkipped: (line, [id = ""]) => line.startsWith("#") || /^\d+[-.]\d+$/.test(id),
  });
}

async function openSentences(path: string, options: ConllOptions, layout: Layout): Promise<Records> {
  checkKnown(layout.format === "conll" ? "openConll" : "openConllu", options, ["tokenColumn", "tagColumn"]);
  const tokenColumn = checkedColumn("tokenColumn", options.tokenColumn ?? layout.tokenColumn);
  const tagColumn = checkedColumn("tagColumn", options.tagColumn ?? layout.tagColumn);
  const file = new DataFile(path, "sentences with a token a line");

  async function* rows(): AsyncGenerator<Row> {
    let tokens: string[] = [];
    let tags: string[] = [];
    let begin = 0;
    let width: number | undefined = layout.format === "conllu" ? 10 : undefined;
    let isEmpty = true;
    for await (const line of lines(file, MAXIMUM_LINE_BYTES, "")) {
      if (line.text.trim() === "") {
        if (tokens.length > 0) yield { values: [tokens, tags], place: `${path}:${begin}` };
        isEmpty &&= tokens.length === 0;
        tokens = [];
        tags = [];
        continue;
      }
      const columns = (layout.format === "conll" ? line.text.trim() : line.text).split(layout.separator);
      if (layout.isSkipped(line.text, columns)) continue;
      width ??= columns.length;
      checkWidth(path, line, columns.length, width);
      if (tokens.length === 0) begin = line.number;
      if (tokens.length === MAXIMUM_TOKENS) {
        throw dataError(
          `${path}:${begin}`,
          `a sentence has more than ${MAXIMUM_TOKENS} tokens; expected an empty line after each sentence.`,
        );
      }
      tokens.push(cellOf(columns, tokenColumn, "tokenColumn", path, line));
      // a word by itself is not its own tag
      if (columns.length > 1 || options.tagColumn !== undefined) tags.push(cellOf(columns, tagColumn, "tagColumn", path, line));
    }
    if (tokens.length > 0) yield { values: [tokens, tags], place: `${path}:${begin}` };
    else if (isEmpty) throw dataError(path, "has no sentence; expected a token a line and an empty line after each sentence.");
  }

  // What is no such file should be said when it is opened.
  for await (const _ of rows()) break;
  return { format: layout.format, paths: [path], columns: ["tokens", "tags"], notes: [], rows };
}

function checkedColumn(name: string, column: number): number {
  if (Number.isSafeInteger(column) && column !== 0) return column;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `\`${name}\`: expected a column's number, 1 for the first or -1 for the last, received ${column}.`,
  );
}

function checkWidth(path: string, { number, text }: Line, columns: number, width: number): void {
  if (columns === width) return;
  throw dataError(
    `${path}:${number}`,
    `has ${columns} ${columns === 1 ? "column" : "columns"}, expected ${width}, received ${show(text)}.`,
  );
}

function cellOf(columns: readonly string[], column: number, option: string, path: string, line: Line): string {
  const cell = columns.at(column > 0 ? column - 1 : column);
  if (cell !== undefined && cell !== "") return cell;
  throw dataError(
    `${path}:${line.number}`,
    cell === ""
      ? `column ${column} is empty; expected a token and its tag.`
      : `has ${columns.length} columns, but \`${option}\` is ${column}.`,
  );
}
