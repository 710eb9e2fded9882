import { dirname, join, resolve } from "node:path";
import { UnrolledError } from "../errors.js";
import { checkFileName, type ModelStore } from "../files/store.js";
import { errorCode, type FileSystem } from "./file-system.js";
import { holdFolder } from "./folder-hold.js";

/** Holds the files of a save that counts but isn't moved into place yet. */
const savedName = ".unrolled-saved";

/** Begins the name of a folder in which a save is being prepared. */
const savingPrefix = ".unrolled-saving-";

/** The largest file that is read, in bytes: 2 GiB. */
const maxFileBytes = 2 ** 31;

/** Writes of this process to one folder wait for each other, whichever store they come from. */
const writing = new Map<string, Promise<void>>();

/**
 * A model's folder, whose files change together.
 *
 * A save prepares its files in a folder of its own beside the old ones, syncs them to the disk, and renames that folder to
 * `.unrolled-saved`. This one rename is the moment at which the save counts: from then on a reader takes a file from there first,
 * and from the folder itself otherwise. Then each file is moved into the folder, which changes nothing for a reader, and
 * `.unrolled-saved` is removed. Whatever was left in the middle, the next write finishes (a save that counts) or removes (one that
 * doesn't).
 */
export class FolderStore implements ModelStore {
  readonly description: string;
  readonly #path: string;
  readonly #files: FileSystem;
  /** The files read so far, by name, and who they were; begins anew when a file is read again. */
  readonly #seen = new Map<string, string>();

  constructor(path: string, files: FileSystem) {
    this.description = path;
    this.#path = resolve(path);
    this.#files = files;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    checkFileName(name);
    if (this.#seen.has(name)) this.#seen.clear();
    try {
      const file = (await this.#readFile(join(savedName, name))) ?? (await this.#readFile(name));
      if (file === undefined) await this.#checkFolder();
      await this.#checkUnchanged();
      if (file !== undefined) this.#seen.set(name, file.identity);
      return file?.bytes;
    } catch (cause) {
      throw this.#failure(cause, name, "can't be read");
    }
  }

  async list(): Promise<string[]> {
    try {
      const entries = (await this.#files.readFolder(this.#path)) ?? [];
      const saved = (await this.#files.readFolder(join(this.#path, savedName))) ?? [];
      const visible = entries.filter(({ name }) => !name.startsWith("."));
      return [...new Set([...visible, ...saved].map(({ name, isFolder }) => (isFolder ? `${name}/` : name)))].sort();
    } catch (cause) {
      throw this.#failure(cause, undefined, "can't be read");
    }
  }

  async write(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    for (const name of files.keys()) checkFileName(name);
    const before = writing.get(this.#path) ?? Promise.resolve();
    const after = before.then(() => this.#save(files));
    const settled = after.catch(() => undefined);
    writing.set(this.#path, settled);
    await after.finally(() => {
      if (writing.get(this.#path) === settled) writing.delete(this.#path);
    });
  }

  async hold(): Promise<() => Promise<void>> {
    return await this.#attempt(undefined, () => holdFolder(this.#path, this.description, this.#files));
  }

  async #save(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    this.#seen.clear();
    const made = await this.#attempt(undefined, () => this.#files.makeFolder(this.#path));
    const saving = join(this.#path, `${savingPrefix}${crypto.randomUUID()}`);
    try {
      await this.#attempt(undefined, () => this.#clearUp());
      await this.#prepare(files, saving);
      await this.#attempt(undefined, () => this.#files.rename(saving, join(this.#path, savedName)));
    } catch (failure) {
      await this.#undo(saving, made);
      throw failure;
    }
    await this.#attempt(undefined, async () => {
      await this.#syncUpwards(made);
      await this.#moveIntoPlace();
    });
  }

  /** Finishes or removes what an interrupted save left. */
  async #clearUp(): Promise<void> {
    await this.#moveIntoPlace();
    for (const { name } of (await this.#files.readFolder(this.#path)) ?? []) {
      if (name.startsWith(savingPrefix)) await this.#files.removeTree(join(this.#path, name));
    }
  }

  async #prepare(files: ReadonlyMap<string, Uint8Array>, saving: string): Promise<void> {
    await this.#attempt(undefined, () => this.#files.makeFolder(saving));
    for (const [name, bytes] of files) {
      await this.#attempt(name, async () => {
        const replaced = await this.#files.inspect(join(this.#path, name));
        if (replaced?.kind === "folder")
          throw this.#error(name, "can't be written: a folder of this name is in its place; remove it");
        await this.#files.writeFile(join(saving, name), bytes);
        await this.#files.syncFile(join(saving, name));
      });
    }
    await this.#attempt(undefined, () => this.#files.syncFolder(saving));
  }

  /** Moves the files of a save that counts to where they belong. Two processes may do so at once. */
  async #moveIntoPlace(): Promise<void> {
    const saved = join(this.#path, savedName);
    const entries = await this.#files.readFolder(saved);
    if (entries === undefined) return;
    for (const { name } of entries) await unlessGone(this.#files.rename(join(saved, name), join(this.#path, name)));
    await this.#files.syncFolder(this.#path);
    await unlessGone(this.#files.removeFolder(saved));
  }

  /** Makes the name `.unrolled-saved` durable, and those of the folders that were made for it. */
  async #syncUpwards(made: string | undefined): Promise<void> {
    await this.#files.syncFolder(this.#path);
    if (made === undefined) return;
    for (let path = this.#path; path.length >= made.length; path = dirname(path)) await this.#files.syncFolder(dirname(path));
  }

  /** Leaves the disk as it was. What goes wrong here is nothing beside the failure that led here, and the next write clears up. */
  async #undo(saving: string, made: string | undefined): Promise<void> {
    try {
      await this.#files.removeTree(saving);
      if (made === undefined) return;
      for (let path = this.#path; path.length >= made.length; path = dirname(path)) await this.#files.removeFolder(path);
    } catch {}
  }

  async #readFile(name: string): Promise<{ bytes: Uint8Array; identity: string } | undefined> {
    const path = join(this.#path, name);
    // Asked before opening, because opening a pipe waits for its writer.
    const status = await this.#files.inspect(path);
    if (status === undefined) return undefined;
    if (status.kind !== "file")
      throw this.#error(name, `must be a file, received a ${status.kind === "folder" ? "folder" : "pipe or device"}`);
    if (status.size > maxFileBytes)
      throw this.#error(name, `at most ${maxFileBytes} bytes are read, received ${status.size} bytes`);
    return await this.#files.readFile(path);
  }

  async #checkFolder(): Promise<void> {
    const status = await this.#files.inspect(this.#path);
    if (status === undefined)
      throw this.#error(undefined, "there is no such folder; check the path, or train and save a model there first");
    if (status.kind !== "folder") throw this.#notAFolder();
  }

  /** Files of two saves don't belong together: the first of them are those of an older model. */
  async #checkUnchanged(): Promise<void> {
    for (const [name, identity] of this.#seen) {
      const status =
        (await this.#files.inspect(join(this.#path, savedName, name))) ?? (await this.#files.inspect(join(this.#path, name)));
      if (status?.identity === identity) continue;
      this.#seen.clear();
      throw this.#error(
        name,
        "changed while the model was being read, perhaps by a training that saves to it; read the model again",
      );
    }
  }

  /** Does a part of a save; an error names the file, or the folder. */
  async #attempt<T>(name: string | undefined, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (cause) {
      throw this.#failure(cause, name, "can't be written");
    }
  }

  #failure(cause: unknown, name: string | undefined, problem: string): UnrolledError {
    if (cause instanceof UnrolledError) return cause;
    const code = errorCode(cause) ?? "";
    if (code === "ENOTDIR" || code === "EEXIST") return this.#notAFolder(cause);
    const reason = reasons.get(code) ?? (cause instanceof Error ? cause.message : String(cause));
    return this.#error(name, `${problem}: ${reason}`, cause);
  }

  #notAFolder(cause?: unknown): UnrolledError {
    return this.#error(
      undefined,
      "must be a folder, but a file is in its place; give the folder that holds the model's files",
      cause,
    );
  }

  #error(name: string | undefined, problem: string, cause?: unknown): UnrolledError {
    const path = name === undefined ? this.description : join(this.description, name);
    return new UnrolledError("UNROLLED_FILE", `${path}: ${problem}.`, { cause });
  }
}

/** What the system's codes mean here, with the mend. */
const reasons = new Map([
  ["ENOSPC", "the disk is full (ENOSPC); make room and save again"],
  ["EDQUOT", "the disk quota is used up (EDQUOT); make room and save again"],
  ["EFBIG", "the file would be larger than this process may write (EFBIG)"],
  ["EROFS", "the file system is read-only (EROFS); choose another folder"],
  ["EACCES", "permission is denied (EACCES); check the folder's owner and mode"],
  ["EPERM", "the operation is not permitted (EPERM); check the folder's owner and mode"],
  ["ENOENT", "the folder changed meanwhile (ENOENT), perhaps by another process that saves to it; save again"],
  ["ENOTEMPTY", "another process saved to this folder at the same time (ENOTEMPTY); save again"],
]);

async function unlessGone(change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
}
