/** Start-of-frame markers: 0xc0 to 0xcf but for tables (c4), an extension (c8) and arithmetic conditioning (cc). */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/**
 * A JPEG's size and how many colour components it has (1 is grey), from the head of its frame (ITU-T T.81, B.2.2), so that nothing is decoded
 * before its size is known.
 *
 * @throws {RangeError} where the bytes end before that.
 */
export function jpegComponents(bytes: Uint8Array): { width: number; height: number; components: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isFrame(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), components: bytes[at + 9] ?? 0 };
    at += 2 + view.getUint16(at + 2);
  }
  throw new RangeError("it has no frame");
}
