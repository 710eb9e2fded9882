import { BYTES_OF_CHARACTERS } from "./byte-alphabet.js";
import type { Decoder } from "./rules.js";

/** What a piece adds to a text. */
export interface WrittenPiece {
  /** In UTF-8; they may end inside of a character. */
  readonly bytes: Uint8Array;
  /** Whether a space follows where another piece does. */
  readonly endsWord: boolean;
}

/** A piece as it is written into a text, by the decoders one after the other. */
export function writtenPiece(piece: string, decoders: readonly Decoder[]): WrittenPiece {
  let text = piece;
  let endsWord = decoders.length === 0;
  for (const rule of decoders) {
    switch (rule.type) {
      case "ByteLevel":
        return { bytes: bytesSpelledBy(text), endsWord };
      case "ByteFallback": {
        const byte = BYTE_PIECE.exec(text)?.[1];
        if (byte !== undefined) return { bytes: Uint8Array.of(Number.parseInt(byte, 16)), endsWord };
        break;
      }
      case "Metaspace":
        text = text.replaceAll(rule.replacement, " ");
        break;
      case "Replace":
        text = text.replaceAll(rule.pattern, () => rule.content);
        break;
      case "BPEDecoder":
        if (rule.suffix !== "" && text.endsWith(rule.suffix)) {
          text = text.slice(0, -rule.suffix.length);
          endsWord = true;
        }
        break;
      case "Fuse":
      case "Strip":
        break;
    }
  }
  return { bytes: new TextEncoder().encode(text), endsWord };
}

/** Whether the space that a text begins with is left out, because it was put there before the text was cut. */
export function dropsFirstSpace(decoders: readonly Decoder[]): boolean {
  return decoders.some((rule) => rule.type === "Strip" || (rule.type === "Metaspace" && rule.prependScheme !== "never"));
}

/** Of the piece that stands for a byte where `byteFallback` is. */
export function bytePiece(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}

const BYTE_PIECE = /^<0x([0-9A-F]{2})>$/;

/** Of a piece that is spelled by characters for bytes; of another, such as an added one with a space, its own. */
function bytesSpelledBy(piece: string): Uint8Array {
  const bytes = Array.from(piece, (character) => BYTES_OF_CHARACTERS.get(character) ?? -1);
  return bytes.includes(-1) ? new TextEncoder().encode(piece) : Uint8Array.from(bytes);
}
