/** Start-of-frame markers: 0xc0 to 0xcf but for tables (c4), an extension (c8) and arithmetic conditioning (cc). */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const EXIF = 0xe1;
const ADOBE = 0xee;
const ORIENTATION = 0x0112;
const SHORT = 3;

/** How a picture's rows and columns stand to what should be seen, as EXIF numbers it: 1 as they are, 6 to be turned clockwise, … */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What a JPEG says of itself. */
export interface JpegHead {
  readonly width: number;
  readonly height: number;
  /** Colour components; 1 is grey, 4 are those of print. */
  readonly components: number;
  /** Whether its components are red, green and blue as they stand, not luminance and chrominance. */
  readonly isRgb: boolean;
  readonly orientation: Orientation;
}

/**
 * What a JPEG says of itself before its data, from its frame (ITU-T T.81, B.2.2), Adobe's marker and EXIF (CIPA DC-008), so that nothing is
 * decoded before its size is known.
 *
 * @throws {RangeError} where the bytes end before the frame.
 */
export function jpegHead(bytes: Uint8Array): JpegHead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let orientation: Orientation = 1;
  let isRgb = false;
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isFrame(marker)) {
      const components = bytes[at + 9] ?? 0;
      return {
        height: view.getUint16(at + 5),
        width: view.getUint16(at + 7),
        components,
        isRgb: isRgb && components === 3,
        orientation,
      };
    }
    const next = at + 2 + view.getUint16(at + 2);
    const segment = bytes.subarray(at + 4, next);
    if (marker === EXIF && startsWith(segment, "Exif\0\0")) orientation = orientationOf(segment.subarray(6));
    // byte 11 says how colours were transformed: 0 is not at all
    if (marker === ADOBE && startsWith(segment, "Adobe")) isRgb = segment[11] === 0;
    at = next;
  }
  throw new RangeError("it has no frame");
}

/** From the first directory of a TIFF structure; 1 where it says nothing, or is damaged: the picture can be seen without it. */
function orientationOf(tiff: Uint8Array): Orientation {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  try {
    const isLittle = startsWith(tiff, "II");
    const directory = view.getUint32(4, isLittle);
    for (let k = 0; k < view.getUint16(directory, isLittle); k += 1) {
      const entry = directory + 2 + 12 * k;
      if (view.getUint16(entry, isLittle) !== ORIENTATION || view.getUint16(entry + 2, isLittle) !== SHORT) continue;
      const value = view.getUint16(entry + 8, isLittle);
      return value >= 1 && value <= 8 ? (value as Orientation) : 1;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return 1;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return Array.from(text).every((character, k) => bytes[k] === character.charCodeAt(0));
}
