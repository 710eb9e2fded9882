import { UnrolledError } from "../../errors.js";
import { JsonObject } from "../json/object.js";
import { maxJsonBytes, parseJson } from "../json/parse.js";
import { isJsonObject, type JsonValue, showJson } from "../json/value.js";
import { identifyFile } from "../signature.js";
import { elementCount, numberTypes, type StoredDtype, storedDtypes } from "./dtype.js";

/** One tensor of a header: what it is, and where its bytes lie, counted from the end of the header. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the order of their bytes. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Map<string, string>;
  /** Where the header ends and the tensors' bytes begin, counted from the start of the file. */
  readonly dataStart: number;
}

/** The name under which a header keeps free text about the file, in place of a tensor. */
export const metadataName = "__metadata__";

/** The bytes before the header, which hold its length: a little-endian uint64. */
export const lengthBytes = 8;

/**
 * Reads and checks a file's header: after this every entry's bytes lie inside the file, match its shape, and together they cover
 * the file without a hole or an overlap.
 */
export function readHeader(bytes: Uint8Array, source: string): Header {
  const dataStart = lengthBytes + headerLength(bytes, source);
  const startsRight = bytes[lengthBytes] === 0x7b; // {
  if (!startsRight) refuseOtherKinds(bytes, source);
  const json = parseJson(bytes.subarray(lengthBytes, dataStart), `${source}: header`);
  if (!isJsonObject(json))
    throw new UnrolledError("UNROLLED_FILE", `${source}: the header must be a JSON object, received ${showJson(json)}.`);
  if (!startsRight)
    throw new UnrolledError("UNROLLED_FILE", `${source}: the header must start with "{", received white space before it.`);

  const entries: HeaderEntry[] = [];
  let metadata = new Map<string, string>();
  for (const [name, value] of json) {
    if (name === metadataName) metadata = readMetadata(value, source);
    else entries.push(readEntry(name, value, source));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(entries, bytes.length - dataStart, source);
  return { entries, metadata, dataStart };
}

function headerLength(bytes: Uint8Array, source: string): number {
  if (bytes.length < lengthBytes) {
    refuseLength(bytes, source, `a safetensors file has at least ${lengthBytes} bytes, received ${bytes.length}`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true);
  if (length > BigInt(maxJsonBytes)) {
    refuseLength(bytes, source, `the header may have at most ${maxJsonBytes} bytes, its length field says ${length}`);
  }
  const left = bytes.length - lengthBytes;
  if (length > BigInt(left)) {
    refuseLength(bytes, source, `the header should have ${length} bytes, but only ${left} follow its length field`);
  }
  return Number(length);
}

function refuseLength(bytes: Uint8Array, source: string, problem: string): never {
  refuseOtherKinds(bytes, source);
  throw new UnrolledError("UNROLLED_FILE", `${source}: ${problem}; the file is cut off, damaged or not safetensors.`);
}

/** Says what a file is whose first bytes can't be those of safetensors, where that can be told. */
function refuseOtherKinds(bytes: Uint8Array, source: string): void {
  const kind = identifyFile(bytes);
  if (kind === undefined) return;
  throw new UnrolledError("UNROLLED_FILE", `${source}: expected safetensors, received ${kind.what}; ${kind.mend}.`);
}

function readMetadata(value: JsonValue, source: string): Map<string, string> {
  if (!isJsonObject(value)) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${source}: header: \`${metadataName}\` must be an object, received ${showJson(value)}.`,
    );
  }
  const fields = new JsonObject(value, `${source}: header`, metadataName);
  return new Map(fields.fields().map((field) => [field, fields.string(field)]));
}

function readEntry(name: string, value: JsonValue, source: string): HeaderEntry {
  const where = `${source}: tensor ${JSON.stringify(name)}`;
  if (!isJsonObject(value)) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${where}: must be an object with dtype, shape and data_offsets, received ${showJson(value)}.`,
    );
  }
  if (/\p{Surrogate}/u.test(name))
    throw new UnrolledError("UNROLLED_FILE", `${where}: the name holds half of a surrogate pair, which is no character.`);
  const fields = new JsonObject(value, where);
  const dtype = readDtype(fields.string("dtype"), where);
  const shape = fields.array("shape", "integer", { min: 0 });
  const [begin = 0, end = 0] = fields.array("data_offsets", "integer", { minLength: 2, maxLength: 2, min: 0 });
  fields.finish();

  if (end < begin) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${where}: \`data_offsets\` must not end before they begin, received [${begin}, ${end}].`,
    );
  }
  const count = elementCount([...shape, numberTypes[dtype].bytes]);
  if (count === undefined) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${where}: ${dtype} of shape [${shape.join(", ")}] is more than 2^53 bytes; the header is damaged.`,
    );
  }
  if (count !== end - begin) {
    const needed = `${dtype} of shape [${shape.join(", ")}] takes ${count} bytes`;
    throw new UnrolledError("UNROLLED_FILE", `${where}: ${needed}, \`data_offsets\` [${begin}, ${end}] hold ${end - begin}.`);
  }
  return { name, dtype, shape, begin, end };
}

function readDtype(received: string, where: string): StoredDtype {
  const dtype = storedDtypes.find((known) => known === received);
  if (dtype === undefined) {
    const text = `\`dtype\` must be one of ${storedDtypes.join(", ")}, received ${showJson(received)}; convert the tensor to F32 where it comes from`;
    throw new UnrolledError("UNROLLED_FILE", `${where}: ${text}.`);
  }
  return dtype;
}

/** The format has no holes: bytes that no tensor owns could smuggle anything into a file that looks like weights. */
function checkLayout(entries: readonly HeaderEntry[], available: number, source: string): void {
  const last = entries.reduce((end, entry) => Math.max(end, entry.end), 0);
  if (last > available) {
    const text = `the tensors should have ${last} bytes, but only ${available} follow the header; the file is cut off, copy or download it again`;
    throw new UnrolledError("UNROLLED_FILE", `${source}: ${text}.`);
  }
  let covered = 0;
  let previous = "the header";
  for (const { name, begin, end } of entries) {
    const where = `${source}: tensor ${JSON.stringify(name)}`;
    if (begin < covered) {
      throw new UnrolledError(
        "UNROLLED_FILE",
        `${where}: begins at byte ${begin}, inside ${previous}, which ends at ${covered}.`,
      );
    }
    if (begin > covered) {
      throw new UnrolledError(
        "UNROLLED_FILE",
        `${where}: must begin at byte ${covered}, right after ${previous}, received ${begin}.`,
      );
    }
    covered = end;
    previous = `tensor ${JSON.stringify(name)}`;
  }
  if (covered < available) {
    const text = `the tensors' bytes must end at ${covered}, right after ${previous}, but the file has ${available}`;
    throw new UnrolledError("UNROLLED_FILE", `${source}: ${text}; the rest belongs to no tensor.`);
  }
}
