import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { CaptionerImage } from "./examples.js";
import { imageAttentionSvg } from "./image-attention-svg.js";
import { mostFrequentText } from "./most-frequent-text.js";
import { pngOf } from "./png.js";

/** The chunks of a PNG by name; their checksums have tests where they are made. */
function chunksOf(png: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    chunks.set(String.fromCharCode(...png.subarray(at + 4, at + 8)), png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}

describe("pngOf", () => {
  it("writes grey and colour, line by line, each with no filter", () => {
    const grey = chunksOf(pngOf({ height: 2, width: 3, data: [0, 0.2, 1, 1, 0.4, 0] }));
    expect([...grey.keys()]).toEqual(["IHDR", "IDAT", "IEND"]);
    expect([...(grey.get("IHDR") ?? [])]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0]);
    expect([...inflateSync(grey.get("IDAT") ?? "")]).toEqual([0, 0, 51, 255, 0, 255, 102, 0]);
    const colour = chunksOf(pngOf({ height: 1, width: 2, channels: 3, data: [1, 0, 0, 0, 0.2, 1] }));
    expect(colour.get("IHDR")?.[9]).toBe(2);
    expect([...inflateSync(colour.get("IDAT") ?? "")]).toEqual([0, 255, 0, 0, 0, 51, 255]);
  });

  it("shows what is beyond 0 and 1 between its least and its most, and other channels as their mean", () => {
    const wide = chunksOf(pngOf({ height: 1, width: 3, data: [-1, 0, 4] }));
    expect([...inflateSync(wide.get("IDAT") ?? "")]).toEqual([0, 0, 51, 255]);
    const two = chunksOf(pngOf({ height: 1, width: 2, channels: 2, data: [0, 0.4, 1, 1] }));
    expect([...inflateSync(two.get("IDAT") ?? "")]).toEqual([0, 51, 255]);
  });

  it("writes pictures of more than a block of deflate", () => {
    const data = Float32Array.from({ length: 300 * 300 }, (_, i) => (i % 256) / 255);
    const bytes = inflateSync(chunksOf(pngOf({ height: 300, width: 300, data })).get("IDAT") ?? "");
    expect(bytes.length).toBe(300 * 301);
    expect([...bytes.subarray(301 * 299 + 1, 301 * 299 + 4)]).toEqual([0, 1, 2].map((x) => (299 * 300 + x) % 256));
  });
});

describe("imageAttentionSvg", () => {
  const image: CaptionerImage = { height: 4, width: 10, data: new Float32Array(40) };
  const caption = {
    tokens: ["a<b", "&"],
    attention: [
      [0.5, 0.25, 0.25],
      [0, 0.2, 0.8],
    ],
    regionWidth: 4,
  };

  it("draws a row for each token, and in it a band for each region, the last one narrower", () => {
    const svg = imageAttentionSvg(image, caption);
    expect(svg.match(/<use /g)).toHaveLength(2);
    expect(svg.match(/<image /g)).toHaveLength(1);
    const bands = Array.from(svg.matchAll(/x="([\d.]+)" .* width="([\d.]+)" .* fill-opacity="([\d.]+)"><title>(.*)<\/title>/g));
    const [left = 0] = bands.map(([, x]) => Number(x));
    // 4 × 10 pixels are drawn 22 times as large
    expect(bands.map(([, x, width, opacity]) => [Number(x) - left, Number(width), Number(opacity)])).toEqual([
      [0, 88, 0.7],
      [88, 88, 0.35],
      [176, 44, 0.35],
      [0, 88, 0],
      [88, 88, 0.175],
      [176, 44, 0.7],
    ]);
    expect(bands[5]?.[4]).toBe("&amp; ← pixels 8 to 9: 80.0 %");
    expect(svg).toContain(">a&lt;b</text>");
  });

  it("refuses a picture that the caption isn't of", () => {
    expect(() => imageAttentionSvg({ ...image, width: 20, data: new Float32Array(80) }, caption)).toThrow(
      "the caption has attention over 3 places, and the picture has 5 regions of 4 pixels",
    );
  });
});

describe("mostFrequentText", () => {
  it("answers the text that comes most often, of labels that of each, and of a new one that of all", async () => {
    const labels = [
      { label: "x", text: "one" },
      { label: "y", text: "two" },
      { label: "x", text: "three" },
      { label: "x", text: "three" },
    ];
    const answer = await mostFrequentText(labels);
    expect(["x", "y", "z"].map((label) => answer({ label, text: "" }))).toEqual(["three", "two", "three"]);
    const vectors = labels.map(({ text }, n) => ({ vector: [n], text }));
    expect((await mostFrequentText(vectors))({ vector: [1], text: "" })).toBe("three");
    await expect(mostFrequentText([])).rejects.toThrow("mostFrequentText: expected at least one example, received none.");
  });
});
