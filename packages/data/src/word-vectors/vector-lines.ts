import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { UnrolledError } from "unrolled";

/** A line of a text file. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its end. */
  readonly text: string;
}

/** Longer than a line of any such file: thousands of numbers. */
const LONGEST_LINE = 2 ** 20;

/**
 * The lines of a text file in UTF-8, one at a time, decompressed where its name ends in `.gz`.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where there is no such file, or it isn't a text of lines.
 */
export async function* vectorLines(path: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let number = 1;
  let begun = "";
  try {
    for await (const chunk of await opened(path)) {
      const parts = `${begun}${decoder.decode(chunk, { stream: true })}`.split("\n");
      begun = parts.pop() ?? "";
      for (const text of parts) yield { number: number++, text: text.endsWith("\r") ? text.slice(0, -1) : text };
      if (begun.length > LONGEST_LINE) {
        throw new UnrolledError(
          "UNROLLED_DATA",
          `${path}:${number}: is longer than ${LONGEST_LINE} characters; expected a word and numbers.`,
        );
      }
    }
    begun += decoder.decode();
  } catch (error) {
    throw error instanceof UnrolledError ? error : unreadable(path, number, error);
  }
  if (begun !== "") yield { number, text: begun };
}

async function opened(path: string): Promise<Readable> {
  const stats = await stat(path);
  if (!stats.isFile()) throw new UnrolledError("UNROLLED_DATA", `${path}: is no regular file; expected word vectors.`);
  const stored = createReadStream(path);
  // errors of both reach whoever reads the last stream
  return path.toLowerCase().endsWith(".gz") ? pipeline(stored, createGunzip(), () => undefined) : stored;
}

function unreadable(path: string, number: number, error: unknown): UnrolledError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = error instanceof Error ? error.message : String(error);
  const what =
    code === "ENOENT" || code === "ENOTDIR"
      ? `no such file; the path counts from ${process.cwd()}.`
      : code === "ERR_ENCODING_INVALID_ENCODED_DATA"
        ? `from about line ${number} on it is not UTF-8; expected word vectors as text, and those of a binary file have to be converted.`
        : code.startsWith("Z_")
          ? `is not a whole gzip file (${reason}); expected one because of the name's ending.`
          : `cannot be read (${reason}).`;
  return new UnrolledError("UNROLLED_DATA", `${path}: ${what}`, { cause: error });
}
