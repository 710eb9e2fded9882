import type { ModelStore } from "../../files/store.js";
import type { Page } from "./page-calls.js";

/** A store's functions, for a worker to call; the page holds it meanwhile. */
export function storeCalls(store: ModelStore) {
  return {
    read: (name: string) => store.read(name),
    write: (files: ReadonlyMap<string, Uint8Array>) => store.write(files),
    list: () => store.list(),
  };
}

/** A store of the page's, in its worker. */
export function pageStore(page: Page, description: string): ModelStore {
  return {
    description,
    read: (name) => page.ask("read", name),
    write: (files) => page.ask("write", files),
    list: () => page.ask("list"),
  };
}
