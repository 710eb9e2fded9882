import { hostname } from "node:os";
import { join } from "node:path";
import { UnrolledError } from "../errors.js";
import { errorCode, type FileSystem } from "./file-system.js";

/** Names who trains into a folder; hidden, so that it is no part of the model. */
const holdName = ".unrolled-training";

interface Holder {
  readonly process: number;
  readonly host: string;
  readonly since: string;
}

/**
 * Keeps other trainings away from a folder until the returned function is called. What a process that died left behind holds nobody.
 *
 * @throws {UnrolledError} `UNROLLED_FILE` where another process trains into the folder, naming it.
 */
export async function holdFolder(path: string, description: string, files: FileSystem): Promise<() => Promise<void>> {
  const file = join(path, holdName);
  const holder: Holder = { process: process.pid, host: hostname(), since: new Date().toISOString() };
  const bytes = new TextEncoder().encode(JSON.stringify(holder));
  const made = await files.makeFolder(path);
  try {
    await files.writeFile(file, bytes);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    const other = holderOf((await files.readFile(file))?.bytes);
    if (other && mayLive(other)) throw heldBy(other, description, file);
    await files.removeTree(file);
    await files.writeFile(file, bytes);
  }
  return async () => {
    await files.removeTree(file);
    if (made !== undefined) await removeIfEmpty(path, files);
  };
}

/** A training that ended before anything was saved leaves no folder behind. */
async function removeIfEmpty(path: string, files: FileSystem): Promise<void> {
  try {
    await files.removeFolder(path);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(errorCode(error) ?? "")) throw error;
  }
}

function holderOf(bytes: Uint8Array | undefined): Holder | undefined {
  try {
    const value: Partial<Holder> | null = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value?.process !== "number" || typeof value.host !== "string" || typeof value.since !== "string") return undefined;
    return { process: value.process, host: value.host, since: value.since };
  } catch {
    return undefined;
  }
}

/** A process of this machine can be asked for; one of another may live. */
function mayLive({ process: id, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

function heldBy({ process: id, host, since }: Holder, description: string, file: string): UnrolledError {
  const where = host === hostname() ? `process ${id}` : `process ${id} on ${host}`;
  return new UnrolledError(
    "UNROLLED_FILE",
    `${description}: ${where} has been training into this folder since ${since}; wait for it, train into another folder, ` +
      `or remove ${file} if that process is gone.`,
  );
}
