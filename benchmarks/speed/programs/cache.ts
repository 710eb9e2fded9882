import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The folder of what is compiled before it runs; inside `node_modules`, so that what is compiled finds the packages of this
 * folder.
 */
export function cacheFolder(): string {
  const folder = fileURLToPath(new URL("../../node_modules/.cache/unrolled/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  return folder;
}
