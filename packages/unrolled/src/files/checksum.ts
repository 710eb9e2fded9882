const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/** CRC-32 (ISO 3309, as in gzip and PNG) of some bytes after another, as eight hexadecimal digits: it finds every single flipped bit. */
export function checksum(parts: readonly Uint8Array[]): string {
  let crc = 0xffffffff;
  for (const part of parts) {
    for (let index = 0; index < part.length; index++) {
      crc = (crc >>> 8) ^ (TABLE[(crc ^ (part[index] as number)) & 0xff] as number);
    }
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}
