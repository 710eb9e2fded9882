import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { encode as encodePng } from "fast-png";
import jpeg from "jpeg-js";
import { describe, expect, it } from "vitest";
import { chooseColumns } from "../columns/choose-columns.js";
import { openCsv } from "../csv/open-csv.js";
import { captionerExamples } from "../examples/captioner-examples.js";
import { classifierExamples } from "../examples/classifier-examples.js";
import { translatorExamples } from "../examples/translator-examples.js";
import type { Image, Value } from "../records/records.js";
import { all, Files, valuesOf } from "../testing/files.js";
import { indexedPng } from "../testing/indexed-png.js";
import { decodeImage } from "./decode-image.js";
import { openCaptions } from "./open-captions.js";
import { openImages } from "./open-images.js";
import { readImage } from "./read-image.js";
import { scaledImage } from "./scaled-image.js";
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
    expect(records.notes).toEqual([`${folder}: left out 1 file that is no PNG or JPEG.`]);
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

describe("openImages, while reading", () => {
  it("refuses a picture that changed since it was first read, one that is gone, a pipe, and one whose compression is cut", async () => {
    const folder = await files.folder();
    const path = await files.write("a.png", grey, folder);
    const records = await openImages(folder);
    await valuesOf(records);
    await files.write("a.png", colour, folder);
    await expect(valuesOf(records)).rejects.toThrow(`${path}: changed since it was first read;`);
    await rm(path);
    await expect(valuesOf(records)).rejects.toThrow(`${path}: no such file;`);
    const cut = await files.write("a.png.gz", gzipSync(colour).subarray(0, -9));
    await expect(valuesOf(await openImages(dirname(cut)))).rejects.toThrow(`${cut}: is not a whole gzip file`);
    if (process.platform === "win32") return;
    const pipe = join(await files.folder(), "a.png");
    execFileSync("mkfifo", [pipe]);
    await expect(valuesOf(await openImages(dirname(pipe)))).rejects.toThrow(`${pipe}: is a pipe; expected a regular file,`);
  });

  it("refuses a folder that a model doesn't know as a label, naming the picture", async () => {
    const folder = await files.folder();
    await files.write("cat/a.png", grey, folder);
    const path = await files.write("dog/a.png", grey, folder);
    const records = await openImages(folder);
    const examples = classifierExamples(records, await chooseColumns(records, "classifier"), { labels: ["cat"] });
    await expect(all(examples())).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: `${path}: column "label": unknown label "dog"; expected one of "cat".`,
    });
  });
});

describe("a classifier's pictures", () => {
  it("are of one size, and the first that isn't is named", async () => {
    const folder = await files.folder();
    const one = await files.write("cat/a.png", grey, folder);
    const other = await files.write(
      "dog/b.png",
      encodePng({ width: 1, height: 1, channels: 1, data: new Uint8Array([9]) }),
      folder,
    );
    const records = await openImages(folder);
    const examples = classifierExamples(records, await chooseColumns(records, "classifier"));
    for (let epoch = 1; epoch <= 2; epoch++) {
      await expect(all(examples())).rejects.toThrow(
        `${other}: the picture has 1 × 1 pixels of grey, and that of ${one} 2 × 1 pixels of grey; a classifier's must be alike`,
      );
    }
  });
});

describe("an error about a picture where a text is expected", () => {
  it("names its path, and none of its numbers", async () => {
    const folder = await files.folder();
    const path = await files.write("a.png", grey, folder);
    const records = await openImages(folder);
    const columns = await chooseColumns(records, "translator", { input: ["image"], target: ["image"] });
    await expect(all(translatorExamples(records, columns)())).rejects.toThrow(
      `${path}: column "image": expected a text, received a picture; fill it, or leave the record out.`,
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

describe("scaledImage", () => {
  const wide: Image = { height: 2, width: 4, channels: 1, data: new Float32Array([0, 1, 1, 0, 1, 0, 1, 0]) };

  it("gives the mean of what each new pixel covers, whole pixels and parts of them", () => {
    expect(scaledImage(wide, 1)).toEqual({ height: 1, width: 2, channels: 1, data: new Float32Array([0.5, 0.5]) });
    const three = scaledImage({ height: 3, width: 3, channels: 1, data: new Float32Array([0, 3, 6, 0, 3, 6, 0, 3, 6]) }, 2);
    expect(three).toMatchObject({ height: 2, width: 2 });
    // (0 · 1 + 3 · ½) / 1½, (3 · ½ + 6 · 1) / 1½
    for (const [k, value] of [1, 5, 1, 5].entries()) expect(three.data[k]).toBeCloseTo(value, 5);
  });

  it("makes small pictures larger, each channel by itself, and leaves what is that high already", () => {
    const dots: Image = { height: 1, width: 2, channels: 3, data: new Float32Array([1, 0, 0, 0, 0.5, 1]) };
    const large = scaledImage(dots, 2);
    expect(large).toMatchObject({ height: 2, width: 4, channels: 3 });
    expect([...large.data.subarray(0, 12)]).toEqual([1, 0, 0, 1, 0, 0, 0, 0.5, 1, 0, 0.5, 1]);
    expect([...large.data.subarray(12)]).toEqual([...large.data.subarray(0, 12)]);
    expect(scaledImage(wide, 2)).toBe(wide);
  });
});

describe("readImage", () => {
  it("reads one picture, scaled and made grey where it is told to, and refuses to make it too large", async () => {
    const path = await files.write("a.png", colour);
    expect(await readImage(path)).toMatchObject({ height: 1, width: 2, channels: 3 });
    expect(await readImage(path, { height: 3, channels: 1 })).toMatchObject({ height: 3, width: 6, channels: 1 });
    await expect(readImage(path, { height: 3, maximumPixels: 10 })).rejects.toThrow(
      `${path}: 1 x 2 pixels scaled to a height of 3 are 18, expected at most 10; scale it to less.`,
    );
    await expect(readImage(path, { height: 0 })).rejects.toThrow("readImage: `height` must be a whole number of at least 1");
  });
});

describe("openCaptions", () => {
  const table = "file,caption\none.png,a grey line\nmore/two.png,a coloured line\n";
  async function pictures(): Promise<string> {
    const folder = await files.folder();
    await files.write("one.png", grey, folder);
    await files.write("more/two.png", colour, folder);
    return folder;
  }
  async function texts(paths: readonly string[], options = {}): Promise<(readonly [number, string])[]> {
    const records = await openCaptions(paths, options);
    const examples = await all(captionerExamples(records, await chooseColumns(records, "captioner"))());
    return examples.map((example) => ["image" in example ? example.image.channels : 0, example.text]);
  }
  const right = [
    [1, "a grey line"],
    [1, "a coloured line"],
  ];

  it("takes a folder with a table in it, the table itself, or a folder and a table from elsewhere", async () => {
    const folder = await pictures();
    const elsewhere = await files.write("texts.csv", table);
    expect(await texts([folder, elsewhere], { channels: 1 })).toEqual(right);
    await files.write("captions.csv", table, folder);
    await files.write("sizes.csv", "name,size\none,2\n", folder);
    expect(await texts([folder], { channels: 1 })).toEqual(right);
    expect((await openCaptions([folder])).notes).toEqual([`${folder}: its texts are those of ${join(folder, "captions.csv")}.`]);
    expect(await texts([join(folder, "captions.csv")], { channels: 1 })).toEqual(right);
  });

  it("takes the names of folders for the texts where there is no table, and tables without pictures as they are", async () => {
    const folder = await files.folder();
    await files.write("a dog/1.png", grey, folder);
    await files.write("a cat/1.png", grey, folder);
    expect(await texts([folder])).toEqual([
      [1, "a cat"],
      [1, "a dog"],
    ]);
    expect(await texts([await files.write("data.csv", "x,text\n1,a b\n2,c d\n")])).toEqual([
      [0, "a b"],
      [0, "c d"],
    ]);
  });

  it("refuses pictures without texts, of unequal height and colour, and tables between which it can't choose", async () => {
    const folder = await pictures();
    await expect(texts([join(folder, "more")])).rejects.toThrow("has pictures without texts; put each picture in a folder that");
    await files.write("high.png", encodePng({ width: 1, height: 2, channels: 1, data: new Uint8Array(2) }), folder);
    const high = await files.write("high.csv", "file,caption\none.png,a b\nhigh.png,c d\n", folder);
    await expect(texts([high])).rejects.toThrow(
      `${high}:3: the picture is 2 pixels high, and that of ${high}:2 1; all must be of one height: scale them (--image-height, or the option "height").`,
    );
    expect(await texts([high], { height: 4 })).toHaveLength(2);
    const mixed = await files.write("mixed.csv", table, folder);
    await expect(texts([mixed])).rejects.toThrow(
      `${mixed}:3: the picture is in colour, and that of ${mixed}:2 grey; make all grey or all coloured (--grey or --colour, or the option "channels").`,
    );
    await expect(openCaptions([folder])).rejects.toThrow(`${folder}: has several tables that name pictures, `);
    await expect(openCaptions([folder, join(folder, "more"), high])).rejects.toThrow(
      "expected one folder that the tables' paths",
    );
  });
});
