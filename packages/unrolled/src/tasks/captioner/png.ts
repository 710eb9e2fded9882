import { checksum } from "../../files/checksum.js";
import type { CaptionerImage } from "./examples.js";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const GREY = 0;
const COLOUR = 2;
/** What a block of deflate that is not compressed holds at most (RFC 1951, 3.2.4). */
const MOST_STORED = 65535;
/** The largest prime below 2^16 (RFC 1950, 8.2). */
const ADLER_BASE = 65521;

/**
 * A picture as PNG (ISO 15948), in colour where it has three channels, else grey: the mean of its channels. Its darkest number is black and its brightest
 * white, if they are outside of 0 to 1, and else 0 and 1 are. Nothing is compressed.
 */
export function pngOf({ height, width, channels = 1, data }: CaptionerImage): Uint8Array {
  const shown = channels === 3 ? 3 : 1;
  const numbers = shown === channels ? Float32Array.from(data) : meansOf(data, channels);
  const low = numbers.reduce((least, number) => Math.min(least, number), 0);
  const high = numbers.reduce((most, number) => Math.max(most, number), 1);
  // a line begins with its filter, 0 for none
  const lineLength = 1 + width * shown;
  const lines = new Uint8Array(height * lineLength);
  for (const [i, number] of numbers.entries()) {
    const y = Math.floor(i / (width * shown));
    lines[y * lineLength + 1 + (i % (width * shown))] = Math.round((255 * (number - low)) / (high - low));
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, shown === 3 ? COLOUR : GREY], 8);
  return joined([SIGNATURE, chunk("IHDR", header), chunk("IDAT", stored(lines)), chunk("IEND", new Uint8Array())]);
}

function meansOf(data: ArrayLike<number>, channels: number): Float32Array {
  const means = new Float32Array(data.length / channels);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / channels);
    means[pixel] = (means[pixel] as number) + (data[i] as number) / channels;
  }
  return means;
}

/** Length, name, contents, and the checksum of the last two. */
function chunk(name: string, contents: Uint8Array): Uint8Array {
  const named = joined([Uint8Array.from(name, (letter) => letter.charCodeAt(0)), contents]);
  return joined([bigEndian(contents.length), named, bigEndian(Number.parseInt(checksum([named]), 16))]);
}

/** Bytes as zlib has them (RFC 1950), not compressed. */
function stored(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let from = 0; from < bytes.length; from += MOST_STORED) {
    const block = bytes.subarray(from, from + MOST_STORED);
    const isLast = from + MOST_STORED >= bytes.length;
    const sizes = [block.length, ~block.length].flatMap((size) => [size & 0xff, (size >>> 8) & 0xff]);
    parts.push(Uint8Array.of(isLast ? 1 : 0, ...sizes), block);
  }
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % ADLER_BASE;
    b = (b + a) % ADLER_BASE;
  }
  return joined([...parts, bigEndian(b * 65536 + a)]);
}

function bigEndian(number: number): Uint8Array {
  return Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
