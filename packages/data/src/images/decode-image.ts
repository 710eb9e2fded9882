import { decode as decodePng } from "fast-png";
import jpeg from "jpeg-js";
import { dataError } from "../data-error.js";
import type { Image } from "../records/records.js";
import { jpegHead } from "./jpeg-head.js";
import { oriented } from "./oriented.js";

/** Samples of one picture as a decoder gives them. */
interface Samples {
  readonly height: number;
  readonly width: number;
  /** Samples a pixel: grey, grey and alpha, colour, colour and alpha. */
  readonly samples: 1 | 2 | 3 | 4;
  readonly data: ArrayLike<number>;
  /** What stands for white. */
  readonly maximum: number;
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG_SIGNATURE = [0xff, 0xd8, 0xff];
const MEGABYTES_A_MEGAPIXEL = 64;
/** Rec. 601, as everywhere where pictures are made grey. */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/**
 * A PNG or JPEG as numbers. What is transparent shows white; a photo stands upright, as its EXIF says.
 *
 * @param channels 1 makes colours grey, 3 makes grey colours; undefined leaves them
 * @throws {UnrolledError} `UNROLLED_DATA` for other formats, damaged pictures, and more than `maximumPixels`, before they are decoded.
 */
export function decodeImage(bytes: Uint8Array, place: string, channels: 1 | 3 | undefined, maximumPixels: number): Image {
  return withChannels(samplesOf(bytes, place, maximumPixels), channels);
}

function samplesOf(bytes: Uint8Array, place: string, maximumPixels: number): Samples {
  try {
    if (startsWith(bytes, PNG_SIGNATURE)) return pngSamples(bytes, place, maximumPixels);
    if (startsWith(bytes, JPEG_SIGNATURE)) return jpegSamples(bytes, place, maximumPixels);
  } catch (error) {
    if (error instanceof Error && error.name === "UnrolledError") throw error;
    throw dataError(
      place,
      `can't be decoded (${error instanceof Error ? error.message : String(error)}); it may be damaged, or cut off.`,
      error,
    );
  }
  throw dataError(place, "is neither PNG nor JPEG; convert it.");
}

function pngSamples(bytes: Uint8Array, place: string, maximumPixels: number): Samples {
  if (bytes.length < 24) throw new RangeError("it ends within its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkPixels(place, view.getUint32(16), view.getUint32(20), maximumPixels);
  const { width, height, channels, depth, data, palette } = decodePng(bytes);
  const values = depth < 8 ? unpacked(data, width, height, channels, depth) : data;
  if (palette === undefined) {
    return { width, height, samples: sampleCount(channels), data: values, maximum: 2 ** depth - 1 };
  }
  const samples = palette.some((colour) => colour.length === 4) ? 4 : 3;
  const colours = new Uint8Array(width * height * samples);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const colour = palette[values[pixel] ?? 0];
    if (colour === undefined) throw new RangeError(`it has no colour ${values[pixel]} in its palette`);
    for (let k = 0; k < samples; k += 1) colours[pixel * samples + k] = colour[k] ?? 255;
  }
  return { width, height, samples, data: colours, maximum: 255 };
}

function jpegSamples(bytes: Uint8Array, place: string, maximumPixels: number): Samples {
  const { width, height, components, isRgb, orientation } = jpegHead(bytes);
  checkPixels(place, width, height, maximumPixels);
  const decoded = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    ...(isRgb ? { colorTransform: false } : {}),
    maxResolutionInMP: Number.POSITIVE_INFINITY,
    maxMemoryUsageInMB: 16 + (maximumPixels / 1e6) * MEGABYTES_A_MEGAPIXEL,
  });
  const isGrey = components === 1;
  const data = isGrey ? decoded.data.filter((_, k) => k % 3 === 0) : decoded.data;
  const samples: Samples = { width: decoded.width, height: decoded.height, samples: isGrey ? 1 : 3, data, maximum: 255 };
  return oriented(samples, orientation);
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, k) => bytes[k] === byte);
}

function checkPixels(place: string, width: number, height: number, maximumPixels: number): void {
  if (width * height <= maximumPixels) return;
  throw dataError(
    place,
    `has ${width} x ${height} pixels, expected at most ${maximumPixels}; make it smaller (\`maximumPixels\` allows more).`,
  );
}

function sampleCount(channels: number): 1 | 2 | 3 | 4 {
  if (channels === 1 || channels === 2 || channels === 3 || channels === 4) return channels;
  throw new RangeError(`it has ${channels} samples a pixel`);
}

/** Samples of fewer than 8 bits stand in bytes together, each row beginning with a byte of its own. */
function unpacked(data: ArrayLike<number>, width: number, height: number, channels: number, depth: number): Uint8Array {
  const perRow = width * channels;
  const bytesPerRow = Math.ceil((perRow * depth) / 8);
  const samples = new Uint8Array(perRow * height);
  for (let row = 0; row < height; row += 1) {
    for (let k = 0; k < perRow; k += 1) {
      const bit = k * depth;
      const byte = data[row * bytesPerRow + (bit >> 3)] ?? 0;
      samples[row * perRow + k] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
    }
  }
  return samples;
}

function withChannels({ height, width, samples, data, maximum }: Samples, wanted: 1 | 3 | undefined): Image {
  const isColour = samples >= 3;
  const hasAlpha = samples === 2 || samples === 4;
  const channels = wanted ?? (isColour ? 3 : 1);
  const image = new Float32Array(height * width * channels);
  const at = (place: number): number => (data[place] ?? 0) / maximum;
  for (let pixel = 0; pixel < height * width; pixel += 1) {
    const from = pixel * samples;
    const alpha = hasAlpha ? at(from + samples - 1) : 1;
    const onWhite = (value: number): number => value * alpha + 1 - alpha;
    const red = onWhite(at(from));
    const green = isColour ? onWhite(at(from + 1)) : red;
    const blue = isColour ? onWhite(at(from + 2)) : red;
    if (channels === 3) image.set([red, green, blue], pixel * 3);
    else image[pixel] = isColour ? RED * red + GREEN * green + BLUE * blue : red;
  }
  return { height, width, channels, data: image };
}
