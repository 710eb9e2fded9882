import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { encode as encodePng } from "fast-png";
import jpeg from "jpeg-js";
import { describe, expect, it } from "vitest";
import { openCsv } from "../csv/open-csv.js";
import type { Image, Value } from "../records/records.js";
import { Files, valuesOf } from "../testing/files.js";
import { indexedPng } from "../testing/indexed-png.js";
import { decodeImage } from "./decode-image.js";
import { openImages } from "./open-images.js";
import { withImages } from "./with-images.js";

const files = new Files("images");
const decode = (bytes: Uint8Array, channels?: 1 | 3): Image => decodeImage(bytes, "x", channels, 1000);
const rounded = ({ data }: Image): number[] => Array.from(data, (value) => Math.round(value * 255));
const colour = encodePng({ width: 2, height: 1, channels: 3, data: new Uint8Array([255, 0, 0, 0, 102, 255]) });
const grey = encodePng({ width: 2, height: 1, channels: 1, data: new Uint8Array([0, 51]) });

/** A picture of one colour, which JPEG keeps nearly. */
function jpegOf(red: number, green: number, blue: number): Uint8Array {
  const data = Buffer.alloc(8 * 4 * 4);
  for (let k = 0; k < data.length; k += 4) data.set([red, green, blue, 255], k);
  return jpeg.encode({ width: 8, height: 4, data }, 95).data;
}

describe("decodeImage", () => {
  it("gives [height, width, channels] between 0 and 1 of colour and grey, 8 and 16 bits", () => {
    expect(decode(colour)).toMatchObject({ height: 1, width: 2, channels: 3 });
    expect(rounded(decode(colour))).toEqual([255, 0, 0, 0, 102, 255]);
    expect(rounded(decode(grey))).toEqual([0, 51]);
    const deep = encodePng({ width: 1, height: 2, channels: 1, depth: 16, data: new Uint16Array([65535, 13107]) });
    expect(rounded(decode(deep))).toEqual([255, 51]);
  });

  it("shows white where a picture is transparent", () => {
    const data = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 255]);
    expect(rounded(decode(encodePng({ width: 2, height: 1, channels: 4, data })))).toEqual([255, 255, 255, 0, 0, 0]);
  });

  it("makes grey colours and colours grey when told", () => {
    expect(rounded(decode(grey, 3))).toEqual([0, 0, 0, 51, 51, 51]);
    expect(rounded(decode(colour, 1))).toEqual([Math.round(0.299 * 255), Math.round(0.587 * 102 + 0.114 * 255)]);
  });

  it("reads PNG of a palette of 2 bits, whose rows begin with a byte of their own", () => {
    const palette = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [9, 9, 9],
    ];
    const bytes = indexedPng(5, 2, palette, [
      [0b00011011, 0b01000000],
      [0b11111111, 0b10000000],
    ]);
    const order = [0, 1, 2, 3, 1, 3, 3, 3, 3, 2];
    expect(rounded(decode(bytes))).toEqual(order.flatMap((index) => palette[index]));
    expect(decode(bytes)).toMatchObject({ height: 2, width: 5, channels: 3 });
  });

  it("reads JPEG within what its compression changes", () => {
    const image = decode(jpegOf(200, 100, 50));
    expect(image).toMatchObject({ height: 4, width: 8, channels: 3 });
    for (const [k, value] of rounded(image).entries()) expect(Math.abs(value - ([200, 100, 50][k % 3] ?? 0))).toBeLessThan(4);
  });

  it("refuses other formats, damaged pictures, and more pixels than allowed before decoding", () => {
    const refusal = (bytes: Uint8Array): string => {
      try {
        decode(bytes);
        return "no error";
      } catch (error) {
        expect(error).toMatchObject({ code: "UNROLLED_DATA" });
        return error instanceof Error ? error.message : "";
      }
    };
    expect(refusal(Buffer.from("GIF89a"))).toBe("x: is neither PNG nor JPEG; convert it.");
    expect(refusal(colour.subarray(0, 40))).toMatch(/^x: can't be decoded \(/);
    expect(refusal(jpegOf(1, 2, 3).subarray(0, 30))).toMatch(/^x: can't be decoded \(/);
    const huge = colour.slice();
    new DataView(huge.buffer, huge.byteOffset).setUint32(16, 2 ** 31 - 1);
    expect(refusal(huge)).toBe(
      "x: has 2147483647 x 1 pixels, expected at most 1000; make it smaller (`maximumPixels` allows more).",
    );
    const flipped = colour.slice();
    flipped[44] = (flipped[44] ?? 0) ^ 0xff;
    expect(refusal(flipped)).toMatch(/^x: can't be decoded \(/);
  });
});

describe("openImages", () => {
  it("gives pictures in the order of their names, labelled by their folder", async () => {
    const folder = await files.folder();
    await files.write("dog/b.png", colour, folder);
    await files.write("cat/a.jpg", jpegOf(1, 2, 3), folder);
    await files.write("cat/A.png.gz", gzipSync(grey), folder);
    await files.write("cat/.hidden.png", "x", folder);
    await files.write("notes.md", "x", folder);
    const records = await openImages(folder);
    expect(records.columns).toEqual(["image", "file", "label"]);
    expect(records.notes).toEqual([`${folder}: left out 1 file that are no PNG or JPEG.`]);
    expect((await valuesOf(records)).map(([, ...rest]) => rest)).toEqual([
      ["cat/A.png.gz", "cat"],
      ["cat/a.jpg", "cat"],
      ["dog/b.png", "dog"],
    ]);
  });

  it("refuses a folder without pictures, a missing one, and, while reading, a picture that is none", async () => {
    const folder = await files.folder();
    await expect(openImages(folder)).rejects.toThrow(`${folder}: has no PNG or JPEG picture in it;`);
    await expect(openImages(join(folder, "none"))).rejects.toThrow("no such file;");
    await files.write("a.png", "", folder);
    await expect(valuesOf(await openImages(folder))).rejects.toThrow(
      `${join(folder, "a.png")}: is empty; expected a PNG or JPEG picture.`,
    );
  });
});

describe("withImages", () => {
  it("puts pictures in place of the names that a table has, and names its line where one is missing", async () => {
    const folder = await files.folder();
    await files.write("pictures/a.png", grey, folder);
    const path = await files.write("captions.csv", "file,caption\npictures/a.png,a grey line\npictures/b.png,nothing\n", folder);
    const records = withImages(await openCsv(path), { column: "file", folder });
    const seen: Value[] = [];
    const failure: unknown = await (async () => {
      for await (const { values } of records.rows()) seen.push(...values);
    })().catch((error: unknown) => error);
    expect(seen).toEqual([expect.objectContaining({ height: 1, width: 2, channels: 1 }), "a grey line"]);
    expect(failure).toMatchObject({
      code: "UNROLLED_DATA",
      message: expect.stringContaining(`${path}:3: ${join(folder, "pictures/b.png")}: no such file;`),
    });
  });
});
