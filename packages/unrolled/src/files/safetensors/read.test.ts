import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UnrolledError } from "../../errors.js";
import { readSafetensors } from "./read.js";
import { anyTensors } from "./testing/any-tensors.js";
import { writeSafetensors } from "./write.js";

describe("readSafetensors", () => {
  it("reads numbers of every type", () => {
    const numbers = { BOOL: [0, 1], U8: [0, 255], I8: [-128, 127], I16: [-32768, 1], U16: [0, 65535], I32: [-2147483648, 1] };
    for (const [dtype, values] of Object.entries(numbers)) {
      const bytes = { BOOL: [0, 1], U8: [0, 255], I8: [128, 127], I16: [0, 128, 1, 0], U16: [0, 0, 255, 255] }[dtype];
      const data = bytes ?? [0, 0, 0, 128, 1, 0, 0, 0];
      expect([...(readOne(dtype, [2], data).data as Iterable<number>)], dtype).toEqual(values);
    }
    expect(readOne("U32", [1], [255, 255, 255, 255]).data).toEqual(Uint32Array.of(4294967295));
    expect(readOne("F16", [2], [0, 0x3c, 0, 0xc1]).data).toEqual(Float32Array.of(1, -2.5));
    expect(readOne("BF16", [2], [0x80, 0x3f, 0x20, 0xc0]).data).toEqual(Float32Array.of(1, -2.5));
    expect(readOne("F32", [1], [0, 0, 0x20, 0xc0]).data).toEqual(Float32Array.of(-2.5));
    expect(readOne("F64", [1], [0, 0, 0, 0, 0, 0, 4, 0xc0]).data).toEqual(Float64Array.of(-2.5));
    expect(readOne("I64", [1], Array(8).fill(255)).data).toEqual(BigInt64Array.of(-1n));
    expect(readOne("U64", [1], Array(8).fill(255)).data).toEqual(BigUint64Array.of(2n ** 64n - 1n));
  });

  it("takes rank 0 as one number and a zero dimension as none", () => {
    const header = `{"scalar":${entry("F32", [], 0, 4)},"none":${entry("F32", [3, 0], 4, 4)}}`;
    const { tensors } = readSafetensors(file(header, [0, 0, 128, 63]), "model.safetensors");
    expect(tensors.get("scalar")).toEqual({ dtype: "F32", shape: [], data: Float32Array.of(1) });
    expect(tensors.get("none")).toEqual({ dtype: "F32", shape: [3, 0], data: new Float32Array(0) });
  });

  it("takes a file without tensors, with metadata or not", () => {
    expect(readSafetensors(file("{}"), "m").tensors.size).toBe(0);
    expect([...readSafetensors(file('{"__metadata__":{"__proto__":"a","b":""}}'), "m").metadata]).toEqual([
      ["__proto__", "a"],
      ["b", ""],
    ]);
  });

  it("takes __proto__ and constructor as names like any others", () => {
    const header = `{"__proto__":${entry("U8", [1], 0, 1)},"constructor":${entry("U8", [1], 1, 2)}}`;
    const { tensors } = readSafetensors(file(header, [7, 8]), "model.safetensors");
    expect([...tensors].map(([name, { data }]) => [name, data[0]])).toEqual([
      ["__proto__", 7],
      ["constructor", 8],
    ]);
  });

  it("takes tensors in any order of the header, and gives them in the order of their bytes", () => {
    const header = `{"second":${entry("U8", [1], 1, 2)},"first":${entry("U8", [1], 0, 1)}}`;
    expect([...readSafetensors(file(header, [1, 2]), "m").tensors.keys()]).toEqual(["first", "second"]);
  });

  it("copies a tensor whose bytes are not aligned, in the file or in memory", () => {
    const header = `{"a":${entry("U8", [1], 0, 1)},"b":${entry("F32", [1], 1, 5)}}`;
    const bytes = file(header, [9, 0, 0, 128, 63]);
    for (const shift of [0, 1, 2, 3]) {
      const larger = new Uint8Array(bytes.length + shift);
      larger.set(bytes, shift);
      expect(readSafetensors(larger.subarray(shift), "m").tensors.get("b")?.data).toEqual(Float32Array.of(1));
    }
  });

  it("reads from shared memory", () => {
    const bytes = file(`{"a":${entry("F32", [1], 0, 4)}}`, [0, 0, 128, 63]);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    expect(readSafetensors(shared, "m").tensors.get("a")?.data[0]).toBe(1);
  });

  it.each<[problem: string, bytes: Uint8Array, message: string]>([
    ["an empty file", new Uint8Array(0), "expected safetensors, received an empty file; copy or download it again."],
    [
      "fewer than 8 bytes",
      Uint8Array.of(1, 2, 3, 4, 5),
      "a safetensors file has at least 8 bytes, received 5; the file is cut off, damaged or not safetensors.",
    ],
    [
      "a header length over 100 MB",
      withLength(100_000_001n, "{}"),
      "the header may have at most 100000000 bytes, its length field says 100000001; the file is cut off, damaged or not safetensors.",
    ],
    [
      "a header length over 2^53",
      withLength(2n ** 53n + 1n, "{}"),
      "the header may have at most 100000000 bytes, its length field says 9007199254740993; the file is cut off, damaged or not safetensors.",
    ],
    [
      "a header length past the end",
      withLength(3n, "{}"),
      "the header should have 3 bytes, but only 2 follow its length field; the file is cut off, damaged or not safetensors.",
    ],
    [
      "an empty header",
      file("", [1]),
      "header: not valid JSON at line 1, column 1: expected a value, received the end of the text.",
    ],
    [
      "a header that is not UTF-8",
      file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22)),
      "header: not UTF-8: byte 2 (0xff) belongs to no character; the file is damaged or in another encoding.",
    ],
    ["a byte-order mark", file("\ufeff{}"), "header: starts with a byte-order mark; save it as UTF-8 without one."],
    ["white space before the header", file(" {}"), 'the header must start with "{", received white space before it.'],
    ["bad JSON", file('{"a":}'), 'header: not valid JSON at line 1, column 6: expected a value, received "}".'],
    ["a header that is no object", file("12"), "the header must be a JSON object, received 12."],
    [
      "a tensor twice",
      file(`{"a":${entry("U8", [0], 0, 0)},"a":${entry("U8", [0], 0, 0)}}`),
      'header: the name "a" stands twice in one object, the second time at line 1, column 54; keep one of them.',
    ],
    [
      "a field twice",
      file('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"dtype":"I8"}}', [1]),
      'header: the name "dtype" stands twice in one object, the second time at line 1, column 53; keep one of them.',
    ],
    [
      "a tensor that is no object",
      file('{"a":[1]}'),
      'tensor "a": must be an object with dtype, shape and data_offsets, received an array of 1.',
    ],
    [
      "an unknown dtype",
      one(entry("F8_E4M3", [1], 0, 1), 1),
      'tensor "a": `dtype` must be one of BOOL, U8, I8, I16, U16, F16, BF16, I32, U32, F32, F64, I64, U64, received "F8_E4M3"; convert the tensor to F32 where it comes from.',
    ],
    ["a dtype like __proto__", one(entry("__proto__", [1], 0, 1), 1), 'received "__proto__"; convert the tensor'],
    ["a missing dtype", one('{"shape":[1],"data_offsets":[0,1]}', 1), 'tensor "a": `dtype` is missing; it must be a string.'],
    ["a missing shape", one('{"dtype":"U8","data_offsets":[0,1]}', 1), 'tensor "a": `shape` is missing; it must be an array.'],
    ["missing offsets", one('{"dtype":"U8","shape":[1]}', 1), 'tensor "a": `data_offsets` is missing; it must be an array of 2.'],
    [
      "an unknown field",
      one('{"dtype":"U8","shape":[1],"data_offsets":[0,1],"scale":2}', 1),
      'tensor "a": `scale` is not a known field; remove it, or use the version that wrote the file.',
    ],
    [
      "a negative dimension",
      one(entry("U8", [2, -1], 0, 1), 1),
      'tensor "a": `shape[1]` must be an integer of at least 0, received -1.',
    ],
    [
      "a fractional dimension",
      one(entry("U8", [1.5], 0, 1), 1),
      'tensor "a": `shape[0]` must be an integer of at least 0, received 1.5.',
    ],
    [
      "a huge dimension",
      one(entry("U8", [2 ** 60], 0, 1), 1),
      'tensor "a": `shape[0]` must be an integer of at least 0, received 1152921504606847000.',
    ],
    [
      "a dimension beyond float64",
      one('{"dtype":"U8","shape":[1e400],"data_offsets":[0,1]}', 1),
      'expected a number that float64 can hold, received "1e400',
    ],
    [
      "a dimension as text",
      one('{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}', 1),
      '`shape[0]` must be an integer of at least 0, received "1".',
    ],
    [
      "a shape whose product overflows",
      one(entry("U8", [2 ** 30, 2 ** 30], 0, 1), 1),
      'tensor "a": U8 of shape [1073741824, 1073741824] is more than 2^53 bytes; the header is damaged.',
    ],
    [
      "a shape whose product overflows only with the size of its type",
      one(entry("F64", [2 ** 26, 2 ** 26], 0, 8), 8),
      'tensor "a": F64 of shape [67108864, 67108864] is more than 2^53 bytes; the header is damaged.',
    ],
    [
      "an end before the begin",
      one(entry("U8", [1], 1, 0), 1),
      'tensor "a": `data_offsets` must not end before they begin, received [1, 0].',
    ],
    [
      "three offsets",
      one('{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}', 1),
      "`data_offsets` must be an array of 2, received an array of 3.",
    ],
    [
      "a negative offset",
      one(entry("U8", [1], -1, 0), 1),
      'tensor "a": `data_offsets[0]` must be an integer of at least 0, received -1.',
    ],
    [
      "offsets that do not match the shape",
      one(entry("F32", [2, 3], 0, 23), 23),
      'tensor "a": F32 of shape [2, 3] takes 24 bytes, `data_offsets` [0, 23] hold 23.',
    ],
    [
      "an overlap",
      file(`{"a":${entry("U8", [2], 0, 2)},"b":${entry("U8", [2], 1, 3)}}`, [1, 2, 3]),
      'tensor "b": begins at byte 1, inside tensor "a", which ends at 2.',
    ],
    [
      "two tensors on the same bytes",
      file(`{"a":${entry("U8", [2], 0, 2)},"b":${entry("U8", [2], 0, 2)}}`, [1, 2]),
      'tensor "b": begins at byte 0, inside tensor "a", which ends at 2.',
    ],
    [
      "a hole",
      file(`{"a":${entry("U8", [1], 0, 1)},"b":${entry("U8", [1], 2, 3)}}`, [1, 2, 3]),
      'tensor "b": must begin at byte 1, right after tensor "a", received 2.',
    ],
    [
      "a first tensor that is not at 0",
      one(entry("U8", [1], 1, 2), 2),
      'tensor "a": must begin at byte 0, right after the header, received 1.',
    ],
    [
      "trailing bytes",
      one(entry("U8", [1], 0, 1), 3),
      'the tensors\' bytes must end at 1, right after tensor "a", but the file has 3; the rest belongs to no tensor.',
    ],
    [
      "trailing bytes without a tensor",
      file("{}", [0]),
      "the tensors' bytes must end at 0, right after the header, but the file has 1; the rest belongs to no tensor.",
    ],
    [
      "a truncated file",
      one(entry("F32", [2], 0, 8), 7),
      "the tensors should have 8 bytes, but only 7 follow the header; the file is cut off, copy or download it again.",
    ],
    [
      "a BOOL of 2",
      one(entry("BOOL", [2], 0, 2), 2),
      'tensor "a": element 1 must be 0 or 1 as BOOL, received 2; the file is damaged.',
    ],
    [
      "half a surrogate pair",
      file(`{"\\ud800":${entry("U8", [0], 0, 0)}}`),
      'tensor "\\ud800": the name holds half of a surrogate pair',
    ],
    ["metadata that is no object", file('{"__metadata__":null}'), "header: `__metadata__` must be an object, received null."],
    [
      "metadata that is no text",
      file('{"__metadata__":{"epoch":1}}'),
      "header: `__metadata__.epoch` must be a string, received 1.",
    ],
    ["deep nesting", file(`{"a":${"[".repeat(10_000)}`), "expected at most 64 arrays and objects inside each other"],
  ])("refuses %s and says so", (_problem, bytes, message) => {
    expect(errorOf(bytes)).toMatchObject({ code: "UNROLLED_FILE" });
    expect(errorOf(bytes).message).toContain(message);
    expect(errorOf(bytes).message).toMatch(/^models\/whale\/model\.safetensors: /);
  });

  it.each<[kind: string, start: string, message: string]>([
    ["a pickle", "\x80\x04\x95\x10\0\0\0\0\0\0\0}", "a Python pickle, which can run code and is never read; load it in PyTorch"],
    [
      "a PyTorch file",
      "PK\x03\x04\0\0\x08\x08\0\0\0\0\0\0\0\0\0\0archive/data.pkl",
      "a PyTorch checkpoint (a zip with a pickle inside); load it in PyTorch and save its state_dict with safetensors.torch.save_file.",
    ],
    ["a zip", "PK\x03\x04\x14\0\0\0\x08\0\0\0", "a zip archive; unpack it first."],
    [
      "a NumPy archive",
      "PK\x03\x04\x14\0\0\0\x08\0\0\0a.npy",
      "a NumPy archive (.npz); save its arrays with safetensors.numpy.save_file.",
    ],
    [
      "a Git LFS pointer",
      "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
      'a Git LFS pointer; fetch the file it points to with "git lfs pull".',
    ],
    ["HDF5", "\x89HDF\r\n\x1a\n\0\0\0\0", "an HDF5 file, as Keras writes them; export its weights to safetensors."],
    ["an HTML page", "\n<!DOCTYPE html><html><body>404", "an HTML page, perhaps of a failed download; download the file itself."],
    ["XML", "<?xml version='1.0'?><Error/>", "an XML file, perhaps of a failed download; download the file itself."],
    ["JSON", '{\n  "task": "language-model"\n}', "a JSON file; give the file with the weights."],
    ["JSON of 2 bytes", "{}", "a JSON file; give the file with the weights."],
    ["gzip", "\x1f\x8b\x08\0\0\0\0\0\0\x03", "a gzip archive; unpack it first."],
    ["a NumPy array", "\x93NUMPY\x01\0v\0{'descr'", "a NumPy array; save it with safetensors.numpy.save_file."],
    ["GGUF", "GGUF\x03\0\0\0\0\0\0\0", "a GGUF file; use the model's safetensors file."],
    ["zeros", "\0".repeat(5000), "a file of zeros, as a crash can leave it; take a backup or an earlier save."],
  ])("says what it is when given %s", (_kind, start, message) => {
    const bytes = Uint8Array.from(start, (character) => character.charCodeAt(0));
    expect(errorOf(bytes).message).toContain(`models/whale/model.safetensors: expected safetensors, received ${message}`);
  });

  it("reads a file whose header length looks like a pickle", () => {
    const header = "{}".padEnd(0x280);
    const bytes = file(header);
    expect([...bytes.subarray(0, 2)]).toEqual([0x80, 0x02]);
    expect(readSafetensors(bytes, "m").tensors.size).toBe(0);
  });

  it("reads or throws an UnrolledError, and nothing else, whatever is done to a file's bytes", () => {
    const damage = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      byte: fc.oneof(fc.nat(255), fc.constantFrom(...'{}[]",:\\-0 9'.split("").map((c) => c.charCodeAt(0)))),
    });
    fc.assert(
      fc.property(
        anyTensors(),
        fc.array(damage, { maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (tensors, damages, cut) => {
          const bytes = writeSafetensors(tensors, new Map([["format", "pt"]]));
          const headerEnd = Math.min(bytes.length, 400);
          for (const { at, byte } of damages) bytes[Math.floor(at * (headerEnd - 1))] = byte;
          expectReadOrRefused(bytes);
          expectReadOrRefused(bytes.subarray(0, Math.floor(cut * bytes.length)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("reads or throws an UnrolledError, and nothing else, whatever bytes it is given", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), expectReadOrRefused));
    fc.assert(fc.property(fc.json(), (json) => expectReadOrRefused(file(json))));
  });
});

function expectReadOrRefused(bytes: Uint8Array): void {
  try {
    const { tensors } = readSafetensors(bytes, "damaged");
    const held = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(held).toBeLessThanOrEqual(2 * bytes.length);
  } catch (error) {
    expect(error).toBeInstanceOf(UnrolledError);
    expect(error).toMatchObject({ code: "UNROLLED_FILE", message: expect.stringMatching(/^damaged: /) });
  }
}

function errorOf(bytes: Uint8Array): UnrolledError {
  try {
    readSafetensors(bytes, "models/whale/model.safetensors");
  } catch (error) {
    if (error instanceof UnrolledError) return error;
    throw error;
  }
  throw new Error("the file was read");
}

function readOne(dtype: string, shape: number[], data: number[]) {
  const tensor = readSafetensors(file(`{"a":${entry(dtype, shape, 0, data.length)}}`, data), "m").tensors.get("a");
  if (tensor === undefined) throw new Error("no tensor a");
  return tensor;
}

/** A file with the tensor "a", whose header is given, and data of 1, 2, 3 … */
function one(header: string, length: number): Uint8Array {
  return file(
    `{"a":${header}}`,
    Array.from({ length }, (_, index) => index + 1),
  );
}

function entry(dtype: string, shape: number[], begin: number, end: number): string {
  return JSON.stringify({ dtype, shape, data_offsets: [begin, end] });
}

function file(header: string | Uint8Array, data: number[] = []): Uint8Array {
  const json = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

function withLength(length: bigint, header: string): Uint8Array {
  const bytes = file(header);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
}
