import { UnrolledError } from "../../errors.js";
import type { StoredTensor } from "./dtype.js";
import { widenBfloat16, widenHalf } from "./float16.js";
import { type HeaderEntry, readHeader } from "./header.js";

/** What a safetensors file holds. */
export interface SafetensorsFile {
  /** By name, in the order of their bytes. */
  readonly tensors: Map<string, StoredTensor>;
  /** The free text of `__metadata__`. */
  readonly metadata: Map<string, string>;
}

/**
 * Reads a safetensors file (https://huggingface.co/docs/safetensors), strictly: whatever the format doesn't allow is an error,
 * and so is what it leaves open but no writer does (a field of a tensor that isn't known, a BOOL other than 0 and 1).
 *
 * The arrays may be views of `bytes`: where the alignment allows it, nothing is copied.
 *
 * @param source what the bytes are, in the words of an error message: a path, say.
 * @throws UnrolledError `UNROLLED_FILE`, naming file, tensor and field, what was expected and what came; for a file of another
 *   kind (a pickle, a zip, a Git LFS pointer …) what it is.
 */
export function readSafetensors(bytes: Uint8Array, source: string): SafetensorsFile {
  const { entries, metadata, dataStart } = readHeader(bytes, source);
  const tensors = new Map<string, StoredTensor>();
  for (const entry of entries) {
    tensors.set(entry.name, decodeTensor(entry, bytes.subarray(dataStart + entry.begin, dataStart + entry.end), source));
  }
  return { tensors, metadata };
}

// The format is little-endian, and so is every machine that WebAssembly engines run on: the bytes are the array.
function decodeTensor({ name, dtype, shape }: HeaderEntry, bytes: Uint8Array, source: string): StoredTensor {
  switch (dtype) {
    case "BOOL":
      checkBooleans(bytes, name, source);
      return { dtype, shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
    case "U8":
      return { dtype, shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
    case "I8":
      return { dtype, shape, data: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
    case "I16":
      return { dtype, shape, data: view(Int16Array, bytes) };
    case "U16":
      return { dtype, shape, data: view(Uint16Array, bytes) };
    case "F16":
      return { dtype, shape, data: widenHalf(view(Uint16Array, bytes)) };
    case "BF16":
      return { dtype, shape, data: widenBfloat16(view(Uint16Array, bytes)) };
    case "I32":
      return { dtype, shape, data: view(Int32Array, bytes) };
    case "U32":
      return { dtype, shape, data: view(Uint32Array, bytes) };
    case "F32":
      return { dtype, shape, data: view(Float32Array, bytes) };
    case "F64":
      return { dtype, shape, data: view(Float64Array, bytes) };
    case "I64":
      return { dtype, shape, data: view(BigInt64Array, bytes) };
    case "U64":
      return { dtype, shape, data: view(BigUint64Array, bytes) };
  }
}

interface ArrayType<A> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): A;
}

/** The bytes as numbers, copied only when they start where such a number can't. */
function view<A>(arrayType: ArrayType<A>, bytes: Uint8Array): A {
  const aligned = bytes.byteOffset % arrayType.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  return new arrayType(aligned.buffer, aligned.byteOffset, aligned.length / arrayType.BYTES_PER_ELEMENT);
}

function checkBooleans(bytes: Uint8Array, name: string, source: string): void {
  const index = bytes.findIndex((byte) => byte > 1);
  if (index === -1) return;
  const text = `tensor ${JSON.stringify(name)}: element ${index} must be 0 or 1 as BOOL, received ${bytes[index]}; the file is damaged`;
  throw new UnrolledError("UNROLLED_FILE", `${source}: ${text}.`);
}
