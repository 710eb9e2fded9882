import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** How the user called this command and can call it again: through the repository's `npm start`, or by its own name. */
export function commandName(environment: Readonly<Record<string, string | undefined>>): string {
  const { npm_lifecycle_event: script, npm_package_json: manifest } = environment;
  if (script !== "start" || manifest === undefined) return "unrolled";
  const thisPackage = join(dirname(manifest), "packages", "cli") + sep;
  return fileURLToPath(import.meta.url).startsWith(thisPackage) ? "npm start --" : "unrolled";
}
