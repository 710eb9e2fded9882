import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../command-line.js";

/** The path of a file of a data set; `--data` may be the folder of all data sets or this one's own. */
export function dataFile(data: string | undefined, set: string, name: string): string {
  const candidates = [join(data ?? "", set, name), join(data ?? "", name)];
  const found = candidates.find(existsSync);
  if (found !== undefined) return found;
  throw new UsageError(`--data: there is neither ${candidates.join(" nor ")}; put ${name} of the data set ${set} there.`);
}
