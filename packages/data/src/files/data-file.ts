import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { UnrolledError } from "unrolled";
import { dataError } from "../data-error.js";
import { checkUnchanged, type FileVersion, openRegularFile, sameVersion, systemFailure } from "./regular-file.js";

/** Read at once, so that what a reading holds doesn't depend on the file's size. */
const CHUNK_BYTES = 2 ** 14;

/** A regular file that is read in pieces, as often as asked for, and must stay as it is from the first reading to the last. */
export class DataFile {
  readonly path: string;
  /** What it should be, in the words of an error: "a CSV table". */
  readonly expected: string;
  #version: FileVersion | undefined;

  constructor(path: string, expected: string) {
    this.path = path;
    this.expected = expected;
  }

  /** Whether its name says that it is compressed by gzip. */
  get isCompressed(): boolean {
    return this.path.toLowerCase().endsWith(".gz");
  }

  /**
   * Its bytes, decompressed where the name ends in `.gz`, at least one.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where it can't be read, is empty, is no whole gzip file, or changed.
   */
  async *contents(): AsyncGenerator<Buffer> {
    let isEmpty = true;
    for await (const chunk of this.isCompressed ? this.#decompressed() : this.#stored()) {
      isEmpty &&= chunk.length === 0;
      yield chunk;
    }
    if (isEmpty) throw dataError(this.path, `is empty; expected ${this.expected}.`);
  }

  /** @throws {UnrolledError} `UNROLLED_DATA` where this is not what was read before. */
  checkVersion(version: FileVersion): void {
    this.#version ??= version;
    if (sameVersion(this.#version, version)) return;
    throw dataError(this.path, "changed since it was first read; start again when nothing writes into it.");
  }

  async *#stored(): AsyncGenerator<Buffer> {
    const { handle, version } = await openRegularFile(this.path, this.expected);
    try {
      this.checkVersion(version);
      // Node reads past what `position` says when it is undefined, so every piece is asked for by its place.
      for (let position = 0; ; ) {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(CHUNK_BYTES), 0, CHUNK_BYTES, position);
        if (bytesRead === 0) break;
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
      await checkUnchanged(this.path, handle, version);
    } catch (error) {
      throw error instanceof UnrolledError ? error : systemFailure(this.path, error);
    } finally {
      await handle.close();
    }
  }

  async *#decompressed(): AsyncGenerator<Buffer> {
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
    // Errors reach whoever reads the last stream.
    const chunks: AsyncIterable<Buffer> = pipeline(Readable.from(this.#notEmpty()), gunzip, () => {});
    try {
      yield* chunks;
    } catch (error) {
      if (error instanceof UnrolledError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw dataError(this.path, `is not a whole gzip file (${reason}); expected one because of the name's ending.`, error);
    }
  }

  /** An empty file is no gzip file either, but that it is empty says more. */
  async *#notEmpty(): AsyncGenerator<Buffer> {
    let isEmpty = true;
    for await (const chunk of this.#stored()) {
      isEmpty = false;
      yield chunk;
    }
    if (isEmpty) throw dataError(this.path, `is empty; expected ${this.expected}.`);
  }
}

/**
 * All of a file, where its format can't be read in pieces.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` for more than `maximumBytes`, before they are held.
 */
export async function wholeContents(file: DataFile, maximumBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of file.contents()) {
    length += chunk.length;
    if (length > maximumBytes) {
      throw dataError(file.path, `holds more than ${maximumBytes} bytes; ${file.expected} of this kind is read whole.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
