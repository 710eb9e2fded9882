import { isUtf8 } from "node:buffer";
import { dataError } from "../data-error.js";
import { firstInvalidUtf8 } from "../utf8.js";

/** How many bytes `checkKindOfText` looks at. */
export const SIGNATURE_BYTES = 4;

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** How many bytes the byte-order mark at the beginning of a file takes: 0 where there is none. */
export function markLength(bytes: Uint8Array): 0 | 3 {
  return startsWith(bytes, BYTE_ORDER_MARK) ? 3 : 0;
}

/** @throws {UnrolledError} `UNROLLED_DATA` where a file's beginning says that it is no text in UTF-8 but something known. */
export function checkKindOfText(path: string, bytes: Uint8Array): void {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) {
    throw dataError(path, "is in UTF-16; expected UTF-8, so convert it (iconv -f UTF-16 -t UTF-8).");
  }
  if (startsWith(bytes, [0x1f, 0x8b])) {
    throw dataError(path, "is compressed by gzip; expected a text, so let its name end in .gz.");
  }
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) {
    throw dataError(path, "is a zip file, as spreadsheets are; expected a text, so unpack it, or save the sheet as CSV.");
  }
}

/** The first byte that a text in UTF-8 can't have, and why; undefined where all is well. */
export function encodingFault(bytes: Uint8Array): { offset: number; what: string } | undefined {
  const nul = bytes.indexOf(0);
  if (nul >= 0) return { offset: nul, what: "is NUL; expected a text in UTF-8, and texts have no such byte." };
  if (isUtf8(bytes)) return undefined;
  const offset = firstInvalidUtf8(bytes);
  const byte = `0x${(bytes[offset] ?? 0).toString(16).padStart(2, "0")}`;
  return {
    offset,
    what: `is ${byte}, which is not UTF-8; convert the file (iconv -f LATIN1 -t UTF-8, if it is Latin-1).`,
  };
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, k) => bytes[k] === byte);
}
