import type { Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { UnrolledError } from "unrolled";
import { dataError } from "../data-error.js";

/** Which content a file had: whoever writes into it changes the size or the time. */
export interface FileVersion {
  /** In bytes. */
  readonly size: number;
  readonly mtimeMs: number;
}

/**
 * Lends an open regular file, and closes it whatever happens.
 *
 * @param expected what the file should be, in the words of an error: "a text file"
 * @throws {UnrolledError} `UNROLLED_DATA` where there is no such file, it is none, or the system refuses it.
 */
export async function withRegularFile<T>(
  path: string,
  expected: string,
  use: (handle: FileHandle, version: FileVersion) => Promise<T>,
): Promise<T> {
  const { handle, version } = await openRegularFile(path, expected);
  try {
    return await use(handle, version);
  } catch (error) {
    throw error instanceof UnrolledError ? error : systemFailure(path, error);
  } finally {
    await handle.close();
  }
}

/** Opens a regular file for reading; the caller closes it. */
export async function openRegularFile(path: string, expected: string): Promise<{ handle: FileHandle; version: FileVersion }> {
  try {
    // Before opening, because to open a pipe waits until somebody writes into it.
    checkKind(path, expected, await stat(path));
    const handle = await open(path, "r");
    try {
      const stats = await handle.stat();
      checkKind(path, expected, stats);
      return { handle, version: versionOf(stats) };
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    throw error instanceof UnrolledError ? error : systemFailure(path, error);
  }
}

/** @throws {UnrolledError} `UNROLLED_DATA` where an open file is not the one any more that was opened. */
export async function checkUnchanged(path: string, handle: FileHandle, version: FileVersion): Promise<void> {
  if (sameVersion(versionOf(await handle.stat()), version)) return;
  throw dataError(path, "changed while it was read; try again when nothing writes into it.");
}

export function sameVersion(one: FileVersion, other: FileVersion): boolean {
  return one.size === other.size && one.mtimeMs === other.mtimeMs;
}

/** An error of the file system in this library's words. */
export function systemFailure(path: string, error: unknown): UnrolledError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return dataError(path, `no such file; the path counts from ${process.cwd()}.`, error);
  }
  if (code === "EACCES" || code === "EPERM") {
    return dataError(path, "may not be read; its owner or an administrator has to allow it.", error);
  }
  return dataError(path, `cannot be read (${error instanceof Error ? error.message : String(error)}).`, error);
}

function versionOf({ size, mtimeMs }: Stats): FileVersion {
  return { size, mtimeMs };
}

function checkKind(path: string, expected: string, stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw dataError(path, `is a folder; expected ${expected}, so name one of the files in it.`);
  const kind = stats.isFIFO() ? "a pipe" : stats.isSocket() ? "a socket" : "a device";
  throw dataError(path, `is ${kind}; expected a regular file, so write its contents into one first.`);
}
