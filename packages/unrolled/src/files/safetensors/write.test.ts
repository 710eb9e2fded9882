import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredTensor } from "./dtype.js";
import { readSafetensors } from "./read.js";
import { anyTensors } from "./testing/any-tensors.js";
import { writeSafetensors } from "./write.js";

/**
 * Written by the reference implementation (safetensors 0.8.0 for Python), with its metadata "format": "pt". Element i of byte data is
 * (17 i + 60) mod 128, so that no two types hold the same numbers.
 */
const reference = Uint8Array.from(
  atob(
    [
      "2AQAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJ1aW50NjQiOnsiZHR5cGUiOiJVNjQiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMi",
      "OlswLDE2XX0sImludDY0Ijp7ImR0eXBlIjoiSTY0Iiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMTYsMzJdfSwiZmxvYXQ2NCI6eyJkdHlwZSI6IkY2",
      "NCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzMyLDQ4XX0sIjEwIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOls0OCw1",
      "Ml19LCI5Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOls1Miw1Nl19LCJfX3Byb3RvX18iOnsiZHR5cGUiOiJGMzIiLCJzaGFw",
      "ZSI6W10sImRhdGFfb2Zmc2V0cyI6WzU2LDYwXX0sImLvv64iOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6WzYwLDY0XX0sImLw",
      "n5iAIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOls2NCw2OF19LCJmbG9hdDMyIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsy",
      "XSwiZGF0YV9vZmZzZXRzIjpbNjgsNzZdfSwibm9uZSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMCwzXSwiZGF0YV9vZmZzZXRzIjpbNzYsNzZdfSwicVwi",
      "XG5cdTAwMDF/4oCow6kiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6Wzc2LDgwXX0sInVpbnQzMiI6eyJkdHlwZSI6IlUzMiIs",
      "InNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzgwLDg4XX0sImludDMyIjp7ImR0eXBlIjoiSTMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbODgs",
      "OTZdfSwiYmZsb2F0MTYiOnsiZHR5cGUiOiJCRjE2Iiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbOTYsMTAwXX0sImZsb2F0MTYiOnsiZHR5cGUiOiJG",
      "MTYiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlsxMDAsMTA0XX0sInVpbnQxNiI6eyJkdHlwZSI6IlUxNiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0",
      "cyI6WzEwNCwxMDhdfSwiaW50MTYiOnsiZHR5cGUiOiJJMTYiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlsxMDgsMTEyXX0sImludDgiOnsiZHR5cGUi",
      "OiJJOCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzExMiwxMTRdfSwidWludDgiOnsiZHR5cGUiOiJVOCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0",
      "cyI6WzExNCwxMTZdfSwiYm9vbCI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlsxMTYsMTE4XX19ICAgPE1ebwARIjNEVWZ3",
      "CBkqOzxNXm8AESIzRFVmdwgZKjs8TV5vABEiM0RVZncIGSo7AACAPwAAgD8AAIA/AACAPwAAgD88TV5vABEiMwAAgD88TV5vABEiMzxNXm8AESIzPE1ebzxN",
      "Xm88TV5vPE1ebzxNPE0BAA==",
    ].join(""),
  ),
  (character) => character.charCodeAt(0),
);

describe("writeSafetensors", () => {
  it("gives the bytes of the reference implementation: order, offsets, escapes and padding", () => {
    const { tensors, metadata } = readSafetensors(reference, "reference");
    const shuffled = new Map([...tensors].reverse());
    expect(writeSafetensors(shuffled, metadata)).toEqual(reference);
  });

  it("round trips any tensors, of any type, name and shape, bit for bit", () => {
    fc.assert(
      fc.property(anyTensors(), fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })), (tensors, texts) => {
        const metadata = new Map(Object.entries(texts));
        const read = readSafetensors(writeSafetensors(tensors, metadata), "file");
        expect(new Map(read.metadata)).toEqual(metadata);
        expect([...read.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
        for (const [name, tensor] of tensors) {
          expect(read.tensors.get(name)?.shape).toEqual(tensor.shape);
          expect(read.tensors.get(name)?.dtype).toBe(tensor.dtype);
          expect(bytesOf(read.tensors.get(name))).toEqual(bytesOf(tensor));
        }
      }),
    );
  });

  it("gives the same bytes whatever the order of the maps", () => {
    fc.assert(
      fc.property(anyTensors(), (tensors) => {
        expect(writeSafetensors(new Map([...tensors].reverse()))).toEqual(writeSafetensors(tensors));
      }),
    );
  });

  it("aligns every tensor for its type", () => {
    fc.assert(
      fc.property(anyTensors(), (tensors) => {
        const file = writeSafetensors(tensors);
        for (const [, { dtype, data }] of readSafetensors(file, "file").tensors) {
          if (dtype !== "F16" && dtype !== "BF16") expect(data.buffer).toBe(file.buffer);
        }
      }),
    );
  });

  it("refuses a tensor whose shape and data disagree", () => {
    const write = (shape: number[]) =>
      writeSafetensors(new Map([["weight", { dtype: "F32", shape, data: new Float32Array(5) }]]));
    const message = 'writeSafetensors: tensor "weight": shape [2, 3] must be of whole numbers whose product is the 5 of `data`.';
    expect(() => write([2, 3])).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE", message }));
    expect(() => write([-1, -5])).toThrow("shape [-1, -5] must be of whole numbers");
    expect(() => write([2.5, 2])).toThrow("shape [2.5, 2] must be of whole numbers");
  });

  it("refuses an array that does not belong to the dtype", () => {
    const tensor = { dtype: "F32", shape: [1], data: new Float64Array(1) } as unknown as StoredTensor;
    const message = 'writeSafetensors: tensor "weight": `data` must be a Float32Array for F32, received Float64Array.';
    expect(() => writeSafetensors(new Map([["weight", tensor]]))).toThrow(
      expect.objectContaining({ code: "UNROLLED_DTYPE", message }),
    );
  });

  it("refuses a dtype it does not know", () => {
    const tensor = { dtype: "F8", shape: [1], data: new Float32Array(1) } as unknown as StoredTensor;
    const message =
      'writeSafetensors: tensor "weight": `dtype` must be one of BOOL, U8, I8, I16, U16, F16, BF16, I32, U32, F32, F64, I64, U64, received "F8".';
    expect(() => writeSafetensors(new Map([["weight", tensor]]))).toThrow(
      expect.objectContaining({ code: "UNROLLED_DTYPE", message }),
    );
  });

  it("refuses the names that the format can not hold", () => {
    const write = (name: string) => writeSafetensors(new Map([[name, { dtype: "F32", shape: [], data: new Float32Array(1) }]]));
    expect(() => write("__metadata__")).toThrow(
      'writeSafetensors: tensor "__metadata__": the format keeps this name for metadata; rename the tensor.',
    );
    expect(() => write("a\ud800")).toThrow("holds half of a surrogate pair, which UTF-8 can't hold");
  });
});

function bytesOf(tensor: StoredTensor | undefined): Uint8Array | undefined {
  return (
    tensor && new Uint8Array(tensor.data.buffer.slice(tensor.data.byteOffset, tensor.data.byteOffset + tensor.data.byteLength))
  );
}
