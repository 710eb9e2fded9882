import { UnrolledError } from "../../errors.js";
import { elementCount, numberTypes, type StoredTensor, storedDtypes } from "./dtype.js";
import { narrowToBfloat16, narrowToHalf } from "./float16.js";
import { lengthBytes, metadataName } from "./header.js";

/**
 * Writes a safetensors file: the same tensors and metadata give the same bytes, whatever their order in the maps. Tensors are
 * laid out as the reference implementation does, by descending alignment of their type and then by name, and the header is
 * padded with spaces, so that every tensor is aligned for its type. Metadata is sorted by name.
 *
 * F16 and BF16 are rounded to the nearest, ties to even.
 *
 * @throws UnrolledError `UNROLLED_SHAPE` when a tensor's shape and its array disagree, `UNROLLED_DTYPE` when its array has another
 *   type than its dtype, `UNROLLED_VALUE` for a name that the format can't hold.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors].sort(([nameA, a], [nameB, b]) => alignmentRank(b) - alignmentRank(a) || compareUtf8(nameA, nameB));
  const fields: string[] = metadata.size === 0 ? [] : [`${quote(metadataName)}:${metadataJson(metadata)}`];
  let end = 0;
  for (const [name, tensor] of sorted) {
    checkTensor(name, tensor);
    const begin = end;
    end += tensor.data.length * numberTypes[tensor.dtype].bytes;
    fields.push(
      `${quote(name)}:{"dtype":"${tensor.dtype}","shape":[${tensor.shape.join(",")}],"data_offsets":[${begin},${end}]}`,
    );
  }
  const json = new TextEncoder().encode(`{${fields.join(",")}}`);
  const dataStart = lengthBytes + Math.ceil(json.length / 8) * 8;

  const file = new Uint8Array(dataStart + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(dataStart - lengthBytes), true);
  file.fill(0x20, lengthBytes, dataStart);
  file.set(json, lengthBytes);
  let offset = dataStart;
  for (const [, tensor] of sorted) {
    const bytes = encodeTensor(tensor);
    file.set(bytes, offset);
    offset += bytes.length;
  }
  return file;
}

function encodeTensor(tensor: StoredTensor): Uint8Array {
  const numbers = storedNumbers(tensor);
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function storedNumbers(tensor: StoredTensor): ArrayBufferView {
  if (tensor.dtype === "F16") return narrowToHalf(tensor.data);
  if (tensor.dtype === "BF16") return narrowToBfloat16(tensor.data);
  return tensor.data;
}

function checkTensor(name: string, { dtype, shape, data }: StoredTensor): void {
  const where = `writeSafetensors: tensor ${JSON.stringify(name)}`;
  if (name === metadataName)
    throw new UnrolledError("UNROLLED_VALUE", `${where}: the format keeps this name for metadata; rename the tensor.`);
  if (!storedDtypes.includes(dtype)) {
    const text = `\`dtype\` must be one of ${storedDtypes.join(", ")}, received ${JSON.stringify(dtype)}`;
    throw new UnrolledError("UNROLLED_DTYPE", `${where}: ${text}.`);
  }
  const received = Object.prototype.toString.call(data).slice("[object ".length, -1);
  const { array } = numberTypes[dtype];
  if (received !== array) {
    throw new UnrolledError("UNROLLED_DTYPE", `${where}: \`data\` must be a ${array} for ${dtype}, received ${received}.`);
  }
  if (!shape.every((dimension) => Number.isSafeInteger(dimension) && dimension >= 0) || elementCount(shape) !== data.length) {
    const text = `shape [${shape.join(", ")}] must be of whole numbers whose product is the ${data.length} of \`data\``;
    throw new UnrolledError("UNROLLED_SHAPE", `${where}: ${text}.`);
  }
}

function alignmentRank(tensor: StoredTensor): number {
  return storedDtypes.indexOf(tensor.dtype);
}

/** The order of UTF-8 bytes, which is that of code points; JavaScript's own is that of UTF-16 units. */
function compareUtf8(a: string, b: string): number {
  const [left, right] = [Array.from(a, codePoint), Array.from(b, codePoint)];
  const index = left.findIndex((code, at) => code !== right[at]);
  return index === -1 ? left.length - right.length : (left[index] ?? 0) - (right[index] ?? -1);
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}

// Written by hand, because an object's names that look like numbers would move to the front.
function metadataJson(metadata: ReadonlyMap<string, string>): string {
  const sorted = [...metadata].sort(([a], [b]) => compareUtf8(a, b));
  return `{${sorted.map(([name, value]) => `${quote(name)}:${quote(value)}`).join(",")}}`;
}

function quote(text: string): string {
  if (/\p{Surrogate}/u.test(text)) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `writeSafetensors: ${JSON.stringify(text)} holds half of a surrogate pair, which UTF-8 can't hold.`,
    );
  }
  return JSON.stringify(text);
}
