import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Image } from "../records/records.js";
import { decodeImage } from "./decode-image.js";

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const decode = (bytes: Uint8Array, maximumPixels = 1000): Image => decodeImage(bytes, "x", undefined, maximumPixels);
/** What libjpeg makes of them (fixtures/generate.py). */
const expected = JSON.parse(fixture("expected.json").toString());

/** Where EXIF's first directory holds the orientation, of the file that its maker wrote in big-endian. */
const ENTRY = Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0]);

function turned(orientation: number): Buffer {
  const bytes = Buffer.from(fixture("oriented.jpg"));
  bytes[bytes.indexOf(ENTRY) + ENTRY.length] = orientation;
  return bytes;
}

/** A picture with an EXIF segment of its own. */
function withExif(tiff: readonly number[]): Buffer {
  const body = Buffer.from([...Buffer.from("Exif\0\0"), ...tiff]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length + 2);
  const plain = fixture("baseline.jpg");
  return Buffer.concat([plain.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, body, plain.subarray(2)]);
}

const pixel = ({ width, data }: Image, row: number, column: number): number[] =>
  Array.from(data.subarray(3 * (row * width + column), 3 * (row * width + column) + 3), (value) => 255 * value);

function expectNear(received: readonly number[], wanted: readonly number[], within: number): void {
  for (const [k, value] of received.entries()) expect(Math.abs(value - (wanted[k] ?? Number.NaN))).toBeLessThan(within);
}

describe("a JPEG", () => {
  it.each([
    ["baseline", 3],
    ["progressive", 3],
    ["grey", 2],
    ["grey-progressive", 2],
    ["cmyk", 2],
    ["rgb", 2],
    ["oriented", 3],
    // chrominance between its samples is the decoder's to guess
    ["subsampled", 14],
  ])("that is %s is read as libjpeg reads it, within %d of 255", (name, within) => {
    const image = decode(fixture(`${name}.jpg`));
    const { height, width, channels, data } = expected[name];
    expect(image).toMatchObject({ height, width, channels });
    expectNear(
      Array.from(image.data, (value) => 255 * value),
      data,
      within,
    );
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("of orientation %d stands upright", (orientation) => {
    const image = decode(turned(orientation));
    const [[height, width], ...corners] = expected.corners[orientation];
    expect(image).toMatchObject({ height, width });
    const [bottom, right] = [image.height - 1, image.width - 1];
    for (const [k, [row, column]] of [
      [0, 0],
      [0, right],
      [bottom, 0],
      [bottom, right],
    ].entries()) {
      expectNear(pixel(image, row ?? 0, column ?? 0), corners[k], 4);
    }
  });

  it("with EXIF in little-endian is turned too, and one whose EXIF is damaged, says nothing or nonsense is left as it is", () => {
    const entry = (value: number) => [0x12, 0x01, 3, 0, 1, 0, 0, 0, value, 0, 0, 0];
    const little = [0x49, 0x49, 42, 0, 8, 0, 0, 0];
    expect(decode(withExif([...little, 1, 0, ...entry(6)]))).toMatchObject({ height: 20, width: 12 });
    for (const tiff of [
      [],
      little,
      [...little, 1, 0, ...entry(0)],
      [...little, 1, 0, ...entry(9)],
      [...little, 0xff, 0xff, ...entry(1).fill(0)],
      [0x49, 0x49, 42, 0, 0xff, 0xff, 0xff, 0xff],
    ]) {
      expect(decode(withExif(tiff))).toMatchObject({ height: 12, width: 20 });
    }
  });

  it("of more pixels than allowed is refused before it is decoded, progressive or not", () => {
    for (const name of ["progressive", "cmyk", "oriented"]) {
      expect(() => decode(fixture(`${name}.jpg`), 239)).toThrow("x: has 20 x 12 pixels, expected at most 239;");
    }
  });

  it.each(["progressive", "grey", "cmyk", "oriented"])("that is %s and cut off, anywhere in it, is an error", (name) => {
    const bytes = fixture(`${name}.jpg`);
    for (let length = 3; length < bytes.length - 30; length += 7) {
      expect(() => decode(bytes.subarray(0, length))).toThrow(
        expect.objectContaining({ code: "UNROLLED_DATA", message: expect.stringMatching(/^x: can't be decoded \(/) }),
      );
    }
  });
});
