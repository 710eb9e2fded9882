import { once } from "node:events";
import { safeForTerminal } from "./display/visible-text.js";
import type { Host } from "./host.js";

/**
 * Writes pieces of text to the results as they come, no faster than they are read, and ends when nobody reads them any more. A
 * terminal is shown control characters instead of obeying them.
 */
export async function streamText(host: Host, pieces: AsyncIterable<string>): Promise<void> {
  const { results, resultsClosed } = host;
  for await (const piece of pieces) {
    const room = results.write(results.isTTY === true ? safeForTerminal(piece) : piece);
    if (!room) await drained(host);
    if (resultsClosed.aborted) return;
  }
}

async function drained({ results, resultsClosed }: Host): Promise<void> {
  if (resultsClosed.aborted) return;
  try {
    await once(results, "drain", { signal: resultsClosed });
  } catch (error) {
    if (!resultsClosed.aborted) throw error;
  }
}

/** The prompt, as soon as there is something to follow it, and then what follows. */
export async function* withPrompt(prompt: string, continuation: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = false;
  for await (const piece of continuation) {
    yield begun ? piece : prompt + piece;
    begun = true;
  }
  if (!begun) yield prompt;
}
