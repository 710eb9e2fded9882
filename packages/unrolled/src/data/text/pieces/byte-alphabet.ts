/**
 * The characters that stand for bytes in byte-level pieces (Radford et al. 2019): printable ones for themselves, the others by
 * characters from U+0100 on, so that a space is `Ġ` and a line break `Ċ`. Entry b is the character of byte b.
 */
export const BYTE_CHARACTERS: readonly string[] = byteCharacters();

/** The byte of each of these characters. */
export const BYTES_OF_CHARACTERS: ReadonlyMap<string, number> = new Map(
  BYTE_CHARACTERS.map((character, byte) => [character, byte]),
);

/** A text's bytes in UTF-8, each as its character. */
export function byteSpelling(text: string): string {
  let spelled = "";
  for (const byte of new TextEncoder().encode(text)) spelled += BYTE_CHARACTERS[byte];
  return spelled;
}

function byteCharacters(): string[] {
  let others = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : others++));
}

/** In Latin-1, but for the space, the no-break space and the soft hyphen. */
function isPrintable(byte: number): boolean {
  return (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
}
