import { UnrolledError } from "../errors.js";

/**
 * A place that holds the files of one model: a folder (`folder` of `unrolled/node`), memory (`memoryStore`), or a place of one's
 * own. File names are plain names, without folders.
 */
export interface ModelStore {
  /** What the place is, in the words of an error message: a folder's path, say. */
  readonly description: string;
  /** A file's bytes, which the caller may keep; undefined when the store has no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
  /**
   * Writes these files, replacing those of the same names and leaving all others. They change together: whoever reads finds
   * either all of the old ones or all of the new ones, also when writing fails or the process dies in the middle.
   */
  write(files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /**
   * Keeps other trainings away until the returned function is called, where the place can be reached by others.
   *
   * @throws {UnrolledError} where another training holds it.
   */
  hold?(): Promise<() => Promise<void>>;
  /** What the place holds, sorted; a folder in it ends with "/". Empty when nothing was written yet. */
  list(): Promise<string[]>;
}

/** A store in memory. The map holds the files, and can be kept, sent or stored anywhere. */
export function memoryStore(files: Map<string, Uint8Array> = new Map()): ModelStore {
  return {
    description: "the model in memory",
    read(name) {
      const bytes = files.get(name);
      return Promise.resolve(bytes && new Uint8Array(bytes));
    },
    write(changes) {
      return new Promise((resolve) => resolve(replaceFiles(files, changes)));
    },
    list() {
      return Promise.resolve([...files.keys()].sort());
    },
  };
}

function replaceFiles(files: Map<string, Uint8Array>, changes: ReadonlyMap<string, Uint8Array>): void {
  for (const name of changes.keys()) checkFileName(name);
  for (const [name, bytes] of changes) files.set(name, new Uint8Array(bytes));
}

/**
 * A store as it is, or a map of files as a store in memory.
 *
 * @throws UnrolledError `UNROLLED_VALUE` where it is neither: a path, say.
 */
export function asStore(store: ModelStore | Map<string, Uint8Array>): ModelStore {
  if (store instanceof Map) return memoryStore(store);
  if (typeof store?.read === "function" && typeof store.write === "function") return store;
  const received = typeof store === "string" ? JSON.stringify(store) : typeof store;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `a model's place must be a store or a map of files, received ${received}; for a path give folder(path) of unrolled/node.`,
  );
}

/**
 * A file that a model can't be without.
 *
 * @throws UnrolledError `UNROLLED_FILE` when it is missing, naming what the store holds instead.
 */
export async function readRequired(store: ModelStore, name: string): Promise<Uint8Array> {
  const bytes = await store.read(name);
  if (bytes !== undefined) return bytes;
  const held = await store.list();
  const shown = held.slice(0, 8).join(", ");
  const holds = held.length === 0 ? "it is empty" : `it holds ${shown}${held.length > 8 ? ` and ${held.length - 8} more` : ""}`;
  throw new UnrolledError("UNROLLED_FILE", `${store.description}: no \`${name}\` here, so this is not a whole model; ${holds}.`);
}

/**
 * Refuses a name that could reach outside of a folder, or that some file system reads differently: letters, digits, ".", "_" and
 * "-" are allowed, the first a letter or digit.
 *
 * @throws UnrolledError `UNROLLED_VALUE`
 */
export function checkFileName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(name)) return;
  const text = "a file's name must be up to 200 letters, digits, dots, underscores and hyphens, starting with a letter or digit";
  throw new UnrolledError("UNROLLED_VALUE", `${text}, received ${JSON.stringify(name)}.`);
}
