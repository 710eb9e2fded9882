import { UnrolledError } from "unrolled";
import type { Host } from "../host.js";

/** A text that somebody asks about, and where it is from. */
export interface AskedText {
  readonly text: string;
  readonly place: string;
}

/**
 * The texts given as arguments, or else the lines of standard input that aren't empty.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where there are neither, since a terminal is no file; `UNROLLED_DATA` where standard input is no
 * UTF-8.
 */
export async function* askedTexts({ input }: Host, texts: readonly string[]): AsyncGenerator<AskedText> {
  for (const [index, text] of texts.entries()) yield { text, place: `text ${index + 1}` };
  if (texts.length > 0) return;
  if (input.isTTY === true) {
    throw new UnrolledError("UNROLLED_VALUE", "nothing to predict: give texts, --file FILE, or lines on standard input.");
  }
  let number = 0;
  for await (const text of lines(input)) {
    number += 1;
    if (text.trim() !== "") yield { text, place: `standard input:${number}` };
  }
}

/** What stands between line ends, as it comes. */
async function* lines(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  const decoded = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw new UnrolledError("UNROLLED_DATA", "standard input: expected a text in UTF-8, received other bytes.", { cause });
    }
  };
  for await (const bytes of input) {
    const parts = (rest + decoded(bytes)).split(/\r?\n/);
    rest = parts.pop() ?? "";
    yield* parts;
  }
  rest += decoded();
  if (rest !== "") yield rest;
}
