import { readFile } from "node:fs/promises";
import { UnrolledError } from "unrolled";
import { readTokenizer } from "unrolled/files";
import type { GivenPieces } from "unrolled/tasks";

/** What the command line says about pieces and how they are learned. */
export interface PieceArguments {
  tokens?: string;
  minimumCount?: number;
  vocabularySize?: number;
  /** A file. */
  tokenizer?: string;
}

/** What `--tokenizer` is told as in the help, where pieces are an option's to ask for. */
export const TOKENIZER_HELP = "with --tokens piece: a tokenizer.json whose pieces are taken instead of learned";

/** @throws {UnrolledError} `UNROLLED_VALUE` where no pieces are read, or it is said how to learn them. @param learning the options that say so */
export function checkPieceArguments(options: PieceArguments, learning: readonly ("minimumCount" | "vocabularySize")[]): void {
  if (options.tokenizer === undefined) return;
  if (options.tokens !== "piece") {
    throw new UnrolledError("UNROLLED_VALUE", "--tokenizer is about pieces; add --tokens piece.");
  }
  if (learning.every((name) => options[name] === undefined)) return;
  const names = learning.map((name) => (name === "minimumCount" ? "--minimum-count" : "--vocabulary-size"));
  throw new UnrolledError("UNROLLED_VALUE", `--tokenizer has learned its pieces already; leave ${names.join(" and ")} out.`);
}

/** A task's options for a tokenizer's file. @throws {UnrolledError} what is wrong with it. */
export async function pieceOptions({ tokenizer: path }: PieceArguments): Promise<GivenPieces> {
  return path === undefined ? {} : { tokenizer: readTokenizer(await bytesOf(path), path) };
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new UnrolledError("UNROLLED_DATA", `${path}: cannot be read (${(cause as Error).message}).`, { cause });
  }
}
