import { UnrolledError } from "../../errors.js";

/**
 * The text of UTF-8 bytes, strictly: no malformed sequence and no byte-order mark.
 *
 * @throws UnrolledError `UNROLLED_FILE`, with the first malformed byte.
 */
export function decodeUtf8(bytes: Uint8Array, source: string): string {
  // A copy, because a browser's decoder refuses shared memory.
  const owned = new Uint8Array(bytes);
  if (owned[0] === 0xef && owned[1] === 0xbb && owned[2] === 0xbf) {
    throw new UnrolledError("UNROLLED_FILE", `${source}: starts with a byte-order mark; save it as UTF-8 without one.`);
  }
  try {
    return decode(owned, false);
  } catch (cause) {
    const offset = validPrefix(owned);
    const byte = `0x${(owned[offset] ?? 0).toString(16).padStart(2, "0")}`;
    const what = offset < owned.length ? `byte ${offset} (${byte}) belongs to no character` : "the last character is cut off";
    throw new UnrolledError("UNROLLED_FILE", `${source}: not UTF-8: ${what}; the file is damaged or in another encoding.`, {
      cause,
    });
  }
}

/** @param partial whether a character may be cut off at the end. */
function decode(bytes: Uint8Array, partial: boolean): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: partial });
}

/** How many bytes from the start are well formed, by bisection; a character that is cut off at the end counts as well formed. */
function validPrefix(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    try {
      decode(bytes.subarray(0, middle), true);
      valid = middle;
    } catch {
      invalid = middle;
    }
  }
  return valid;
}
