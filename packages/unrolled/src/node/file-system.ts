import { mkdir, open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";

/** What the folder store needs of a file system. The tests put in ones that fail, die and lose power. */
export interface FileSystem {
  /** Undefined when nothing is there. */
  inspect(path: string): Promise<EntryStatus | undefined>;
  /** A file's bytes and who it was when it was opened. Undefined when nothing is there. */
  readFile(path: string): Promise<{ bytes: Uint8Array; identity: string } | undefined>;
  /** Undefined when there is no such folder. */
  readFolder(path: string): Promise<{ name: string; isFolder: boolean }[] | undefined>;
  /** Makes a file that isn't there yet. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  /** Waits until a file's bytes are on the disk. */
  syncFile(path: string): Promise<void>;
  /** Waits until the names in a folder are on the disk. */
  syncFolder(path: string): Promise<void>;
  /** Makes a folder and those above it; returns the topmost one that wasn't there. */
  makeFolder(path: string): Promise<string | undefined>;
  /** Moves a file or folder at once, over what is there. */
  rename(from: string, to: string): Promise<void>;
  /** Removes an empty folder. */
  removeFolder(path: string): Promise<void>;
  /** Removes a folder and all that is in it, if it is there. */
  removeTree(path: string): Promise<void>;
}

interface EntryStatus {
  readonly kind: "file" | "folder" | "other";
  /** In bytes. */
  readonly size: number;
  /** Stays the same when a file is moved, and changes when its content is replaced. */
  readonly identity: string;
}

export const nodeFileSystem: FileSystem = {
  inspect(path) {
    return unlessAbsent(async () => {
      const status = await stat(path, { bigint: true });
      const kind = status.isFile() ? "file" : status.isDirectory() ? "folder" : "other";
      return { kind, size: Number(status.size), identity: identify(status) };
    });
  },

  readFile(path) {
    return unlessAbsent(async () => {
      const handle = await open(path);
      try {
        const status = await handle.stat({ bigint: true });
        const bytes = new Uint8Array(Number(status.size));
        let length = 0;
        while (length < bytes.length) {
          const { bytesRead } = await handle.read(bytes, length, Math.min(bytes.length - length, largestRead), length);
          if (bytesRead === 0) break;
          length += bytesRead;
        }
        return { bytes: bytes.subarray(0, length), identity: identify(status) };
      } finally {
        await handle.close();
      }
    });
  },

  readFolder(path) {
    return unlessAbsent(async () => {
      const entries = await readdir(path, { withFileTypes: true });
      return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
    });
  },

  async writeFile(path, bytes) {
    const handle = await open(path, "wx");
    try {
      await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
  },

  syncFile(path) {
    return sync(path, "r+");
  },

  async syncFolder(path) {
    try {
      await sync(path, "r");
    } catch (error) {
      if (!cannotSyncFolder.has(errorCode(error) ?? "")) throw error;
    }
  },

  makeFolder(path) {
    return mkdir(path, { recursive: true });
  },

  rename,
  removeFolder: rmdir,

  removeTree(path) {
    return rm(path, { recursive: true, force: true });
  },
};

/** What Node reads in one call, in bytes. */
const largestRead = 2 ** 30;

/** Windows and some network file systems can't sync a folder; they order its changes in their own way. */
const cannotSyncFolder = new Set(["EPERM", "EISDIR", "EINVAL", "ENOTSUP", "EACCES"]);

/** The system's code of an error, such as ENOSPC. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

async function unlessAbsent<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function sync(path: string, flags: string): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function identify(status: { dev: bigint; ino: bigint; size: bigint; mtimeNs: bigint }): string {
  return `${status.dev}:${status.ino}:${status.size}:${status.mtimeNs}`;
}
