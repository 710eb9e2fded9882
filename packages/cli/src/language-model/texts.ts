import { readText } from "@unrolled/data";
import type { Host } from "../host.js";

/** How many characters a text has, in Unicode's sense. */
export function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Reads files as one text, one after the other with nothing between them; what was changed in reading is told on standard error. */
export async function readTexts(host: Host, paths: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for (const path of paths) texts.push(await readText(path, { onNote: (note) => host.messages.write(`${note}\n`) }));
  return texts.join("");
}
