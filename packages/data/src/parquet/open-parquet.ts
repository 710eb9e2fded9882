import { isUtf8 } from "node:buffer";
import type { FileHandle } from "node:fs/promises";
import type { AsyncBuffer, FileMetaData } from "hyparquet";
import { UnrolledError } from "unrolled";
import { dataError } from "../data-error.js";
import { DataFile, wholeContents } from "../files/data-file.js";
import { checkUnchanged, withRegularFile } from "../files/regular-file.js";
import { checkCount, checkKnown } from "../options.js";
import type { Records, Row } from "../records/records.js";
import { recordValue } from "./value.js";

/** How a Parquet file is read. */
export interface ParquetOptions {
  /** A row group whose columns have more bytes, decompressed, is an error, and so is a larger file in `.gz`. Default: 2^28 (268 MB). */
  maximumGroupBytes?: number;
}

const MAXIMUM_GROUP_BYTES = 2 ** 28;
/** "PAR1" at both ends, and the footer's length. */
const SMALLEST_FILE = 12;

/**
 * Opens a Parquet file (all its compressions and encodings that hyparquet knows). It is read by row groups, the smallest part that the
 * format lets read by itself, and one of them is held at a time. In `.gz` it is read whole, since it has to be read from its end.
 *
 * Whole numbers of 64 bits that float64 doesn't hold become text, times become text as in ISO 8601.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` for what is no Parquet file, is damaged, or has too large a row group.
 */
export async function openParquet(path: string, options: ParquetOptions = {}): Promise<Records> {
  checkKnown("openParquet", options, ["maximumGroupBytes"]);
  const maximumBytes = checkCount("openParquet", "maximumGroupBytes", options.maximumGroupBytes ?? MAXIMUM_GROUP_BYTES);
  // Loaded when first needed: who reads no Parquet shouldn't wait for it.
  const [{ parquetMetadataAsync, parquetReadObjects, parquetSchema }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const file = new DataFile(path, "a Parquet file");
  const inMemory = (): Promise<Buffer> | undefined => (file.isCompressed ? wholeContents(file, maximumBytes) : undefined);

  const columns = await withParquet(file, await inMemory(), parquetMetadataAsync, (_, metadata) => {
    if (metadata.num_rows === 0n) throw dataError(path, "has no rows; expected at least one.");
    for (const [k, group] of metadata.row_groups.entries()) checkGroup(path, k, Number(group.total_byte_size), maximumBytes);
    return parquetSchema(metadata).children.map(({ element }) => element.name);
  });

  async function* rows(): AsyncGenerator<Row> {
    const whole = await inMemory();
    let start = 0;
    for (let k = 0; ; k += 1) {
      const group = await withParquet(file, whole, parquetMetadataAsync, (buffer, metadata) => {
        const rowCount = metadata.row_groups[k]?.num_rows;
        if (rowCount === undefined) return undefined;
        return parquetReadObjects({
          file: buffer,
          metadata,
          compressors,
          parsers: { stringFromBytes },
          rowStart: start,
          rowEnd: start + Number(rowCount),
        });
      });
      if (group === undefined) return;
      for (const [index, fields] of group.entries()) {
        const place = `${path}, row ${start + index + 1}`;
        yield { values: columns.map((column) => recordValue(fields[column], place, column)), place };
      }
      start += group.length;
    }
  }
  return { format: "parquet", paths: [path], columns, notes: [], rows };
}

/** Lends the file while it is open, or `whole` where that is in memory, with its footer; the file must be the one of the first reading. */
function withParquet<T>(
  file: DataFile,
  whole: Buffer | undefined,
  readMetadata: (buffer: AsyncBuffer) => Promise<FileMetaData>,
  use: (buffer: AsyncBuffer, metadata: FileMetaData) => T | Promise<T>,
): Promise<T> {
  return withRegularFile(file.path, file.expected, async (handle, version) => {
    file.checkVersion(version);
    if (version.size === 0) throw dataError(file.path, "is empty; expected a Parquet file.");
    const buffer = whole ? held(whole) : onDisk(handle, version.size);
    await checkSignature(file.path, buffer);
    try {
      const result = await use(buffer, await readMetadata(buffer));
      await checkUnchanged(file.path, handle, version);
      return result;
    } catch (error) {
      if (error instanceof UnrolledError) throw error;
      await checkUnchanged(file.path, handle, version);
      const reason = error instanceof Error ? error.message : String(error);
      throw dataError(file.path, `can't be read as Parquet (${reason}); it may be damaged, or cut off.`, error);
    }
  });
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A text, or its bytes where it is none in UTF-8, which a record's value then can't be. */
function stringFromBytes(bytes: Uint8Array | undefined): string | Uint8Array | undefined {
  if (bytes === undefined || isUtf8(bytes)) return bytes && utf8.decode(bytes);
  return bytes;
}

function onDisk(handle: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
        if (bytesRead === 0) throw new RangeError(`the file ends before byte ${end}`);
        at += bytesRead;
      }
      return bytes.buffer;
    },
  };
}

function held(bytes: Uint8Array): AsyncBuffer {
  return { byteLength: bytes.length, slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer };
}

async function checkSignature(path: string, buffer: AsyncBuffer): Promise<void> {
  const length = buffer.byteLength;
  const [head, tail] = length < SMALLEST_FILE ? [] : await Promise.all([buffer.slice(0, 4), buffer.slice(length - 4, length)]);
  const isParquet = [head, tail].every((bytes) => bytes !== undefined && Buffer.from(bytes).toString("latin1") === "PAR1");
  if (!isParquet) throw dataError(path, 'is no whole Parquet file: expected "PAR1" at its beginning and its end.');
}

function checkGroup(path: string, index: number, bytes: number, maximumBytes: number): void {
  if (bytes >= 0 && bytes <= maximumBytes) return;
  throw dataError(
    path,
    `row group ${index + 1} has ${bytes} bytes, expected at most ${maximumBytes}; write smaller row groups, or allow more by \`maximumGroupBytes\`.`,
  );
}
