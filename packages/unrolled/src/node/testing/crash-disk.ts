import { dirname, join } from "node:path";
import type { FileSystem } from "../file-system.js";

type Entry = { readonly kind: "folder" } | { readonly kind: "file"; readonly id: number };
type Tree = Map<string, Entry>;

/** A change of names: what it does to a tree, and the folders whose sync makes it durable. */
interface Change {
  readonly folders: readonly string[];
  durable: boolean;
  apply(tree: Tree): void;
}

/**
 * A disk in memory that can die (`kill -9`), fail, and lose power.
 *
 * What a power loss leaves: any of the changes of names since their folder was synced, but not necessarily the earlier ones; and a
 * file that was not synced itself has lost its second half. No file system in use is as bad.
 */
export class CrashDisk implements FileSystem {
  readonly #base: Tree;
  readonly #changes: Change[] = [];
  readonly #contents: Map<number, Uint8Array>;
  readonly #synced: Set<number>;
  #operations = 0;
  #fault: { at: number; code: string; stays: boolean } | undefined;

  constructor(base: Tree = new Map([["/", { kind: "folder" }]]), contents = new Map<number, Uint8Array>()) {
    this.#base = new Map(base);
    this.#contents = new Map(contents);
    this.#synced = new Set(contents.keys());
  }

  /** How many changing operations were asked for. */
  get operations(): number {
    return this.#operations;
  }

  /** From the n-th changing operation on, nothing happens any more: the process is dead. */
  dieAt(operation: number): void {
    this.#fault = { at: operation, code: "EKILLED", stays: true };
  }

  /** The n-th changing operation, and only that, fails. */
  failAt(operation: number, code: string): void {
    this.#fault = { at: operation, code, stays: false };
  }

  /** The disk as the next process finds it. */
  afterRestart(): CrashDisk {
    return new CrashDisk(this.#tree(), this.#contents);
  }

  /** Every disk that a loss of power at this moment may leave. */
  *afterPowerLoss(): Generator<CrashDisk> {
    const torn = new Map(this.#contents);
    for (const [id, bytes] of torn) if (!this.#synced.has(id)) torn.set(id, bytes.slice(0, bytes.length >> 1));
    const pending = this.#changes.filter(({ durable }) => !durable);
    const seen = new Set<string>();
    for (let subset = 0; subset < 2 ** pending.length; subset++) {
      const tree = this.#tree((change) => change.durable || ((subset >> pending.indexOf(change)) & 1) === 1);
      const key = JSON.stringify([...tree].sort());
      if (seen.has(key)) continue;
      seen.add(key);
      yield new CrashDisk(tree, torn);
      yield new CrashDisk(tree, this.#contents);
    }
  }

  /** All paths, hidden ones too. */
  paths(): string[] {
    return [...this.#tree().keys()].sort();
  }

  inspect(path: string) {
    return this.#answer(() => {
      const entry = this.#tree().get(path);
      if (entry === undefined) return;
      const size = entry.kind === "file" ? this.#content(entry.id).length : 0;
      return { kind: entry.kind, size, identity: entry.kind === "file" ? `${entry.id}` : path };
    });
  }

  readFile(path: string) {
    return this.#answer(() => {
      const entry = this.#tree().get(path);
      return entry?.kind === "file" ? { bytes: this.#content(entry.id).slice(), identity: `${entry.id}` } : undefined;
    });
  }

  readFolder(path: string) {
    return this.#answer(() => {
      const tree = this.#tree();
      if (!tree.has(path)) return;
      return [...tree]
        .filter(([each]) => each !== "/" && dirname(each) === path)
        .map(([each, { kind }]) => ({ name: each.slice(join(path, "/").length), isFolder: kind === "folder" }));
    });
  }

  writeFile(path: string, bytes: Uint8Array) {
    const id = this.#contents.size;
    const create = (content: Uint8Array) => {
      this.#contents.set(id, content);
      this.#change([dirname(path)], (tree) => tree.set(path, { kind: "file", id }));
    };
    // A write that is interrupted leaves a part of the file.
    return this.#operate(
      () => create(bytes.slice()),
      () => create(bytes.slice(0, bytes.length >> 1)),
    );
  }

  syncFile(path: string) {
    return this.#operate(() => {
      const entry = this.#tree().get(path);
      if (entry?.kind !== "file") throw failure("ENOENT");
      this.#synced.add(entry.id);
    });
  }

  syncFolder(path: string) {
    return this.#operate(() => {
      if (!this.#tree().has(path)) throw failure("ENOENT");
      for (const change of this.#changes) if (change.folders.includes(path)) change.durable = true;
    });
  }

  makeFolder(path: string) {
    return this.#operate(() => {
      const missing: string[] = [];
      for (let each = path; !this.#tree().has(each); each = dirname(each)) missing.unshift(each);
      for (const each of missing) this.#change([dirname(each)], (tree) => tree.set(each, { kind: "folder" }));
      return missing[0];
    });
  }

  rename(from: string, to: string) {
    return this.#operate(() => {
      if (!this.#tree().has(from)) throw failure("ENOENT");
      if (this.#children(to).length > 0) throw failure("ENOTEMPTY");
      this.#change([dirname(from), dirname(to)], (tree) => {
        for (const [path, entry] of [...tree].filter(([each]) => each === from || each.startsWith(`${from}/`))) {
          tree.delete(path);
          tree.set(to + path.slice(from.length), entry);
        }
      });
    });
  }

  removeFolder(path: string) {
    return this.#operate(() => {
      if (this.#children(path).length > 0) throw failure("ENOTEMPTY");
      this.#change([dirname(path)], (tree) => tree.delete(path));
    });
  }

  removeTree(path: string) {
    return this.#operate(() => {
      for (const each of [...this.#children(path).reverse(), path]) this.#change([dirname(each)], (tree) => tree.delete(each));
    });
  }

  #children(path: string): string[] {
    return [...this.#tree().keys()].filter((each) => each.startsWith(`${path}/`));
  }

  #tree(isKept: (change: Change) => boolean = () => true): Tree {
    const tree = new Map(this.#base);
    for (const change of this.#changes.filter(isKept)) change.apply(tree);
    // What stands in a folder that isn't there is lost.
    for (const path of [...tree.keys()].sort()) if (!tree.has(dirname(path))) tree.delete(path);
    return tree;
  }

  #content(id: number): Uint8Array {
    return this.#contents.get(id) ?? new Uint8Array(0);
  }

  #change(folders: string[], apply: (tree: Tree) => unknown): void {
    this.#changes.push({ folders, durable: false, apply: (tree) => void apply(tree) });
  }

  #answer<T>(read: () => T): Promise<T> {
    return new Promise((resolve) => resolve(read()));
  }

  #operate<T>(operation: () => T, interrupted: () => void = () => {}): Promise<T> {
    return this.#answer(() => {
      const number = this.#operations++;
      const fault = this.#fault;
      if (fault === undefined || number < fault.at || (number > fault.at && !fault.stays)) return operation();
      if (number === fault.at) interrupted();
      throw failure(fault.code);
    });
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
