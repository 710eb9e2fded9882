import type { ModelStore } from "../files/store.js";
import { nodeFileSystem } from "./file-system.js";
import { FolderStore } from "./folder-store.js";

/**
 * A folder on disk as the place of a model. It is made at the first write, together with the folders above it.
 *
 * A write is durable once its promise resolves, and never half done: `kill -9`, a power loss or a full disk leaves either all of
 * the old files or all of the new ones (see `FolderStore`). Files that change while a model is being read are noticed.
 *
 * Reading and writing throw an UnrolledError `UNROLLED_FILE` that names the path: for a missing folder, a file in the folder's
 * place, a disk that is full or read-only, a file of more than 2 GiB.
 *
 * @param path absolute, or relative to the working directory at the time of the call.
 */
export function folder(path: string): ModelStore {
  return new FolderStore(path, nodeFileSystem);
}
