import { readText } from "@unrolled/data";
import type { Host } from "./host.js";

/** Reads files as one text, one after the other with nothing between them; what was changed in reading is told on standard error. */
export async function readTexts(host: Host, paths: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for (const path of paths) texts.push(await readText(path, { onNote: (note) => host.messages.write(`${note}\n`) }));
  return texts.join("");
}
