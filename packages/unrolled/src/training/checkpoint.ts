import { UnrolledError } from "../errors.js";
import { checksum } from "../files/checksum.js";
import { readJsonObject } from "../files/json/object.js";
import type { StoredTensor } from "../files/safetensors/dtype.js";
import { readSafetensors } from "../files/safetensors/read.js";
import { fromStored, toStored } from "../files/safetensors/tensors.js";
import { writeSafetensors } from "../files/safetensors/write.js";
import type { Tensor } from "../tensor/tensor.js";
import { positionFromJson, positionToJson, type TrainingPosition } from "./position.js";

/** Where training stood after a step: everything that the steps that follow depend on. Resumed from, they give the very same bits. */
export interface Checkpoint {
  /** How far training is. */
  readonly position: TrainingPosition;
  /** Weights, what the optimizer keeps for each, carried states, averaged weights and the best ones. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const FORMAT = "1";

/**
 * A checkpoint as the bytes of a safetensors file, with a checksum.
 *
 * @param about what the checkpoint belongs to, by name: it is handed back by `readCheckpoint`
 */
export function writeCheckpoint({ position, tensors }: Checkpoint, about: Readonly<Record<string, string>> = {}): Uint8Array {
  const text = JSON.stringify({ ...positionToJson(position), about });
  const stored = toStored(tensors);
  const metadata = new Map([
    ["format", FORMAT],
    ["position", text],
    ["checksum", checksumOf(text, stored)],
  ]);
  return writeSafetensors(stored, metadata);
}

/**
 * Reads what `writeCheckpoint` wrote.
 *
 * @param source what the bytes are, in the words of an error message
 * @throws {UnrolledError} `UNROLLED_FILE` where the file is damaged, of a newer format, or no checkpoint.
 */
export function readCheckpoint(bytes: Uint8Array, source: string): Checkpoint & { about: Readonly<Record<string, string>> } {
  const { tensors: stored, metadata } = readSafetensors(bytes, source);
  const [format, text] = [metadata.get("format"), metadata.get("position")];
  if (format === undefined || text === undefined) {
    throw new UnrolledError("UNROLLED_FILE", `${source}: this is no checkpoint, it has no training position.`);
  }
  if (format !== FORMAT) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${source}: the checkpoint has format ${format}, this version reads ${FORMAT}; update unrolled.`,
    );
  }
  if (checksumOf(text, stored) !== metadata.get("checksum")) {
    throw new UnrolledError("UNROLLED_FILE", `${source}: the checksum doesn't match, the file was damaged after it was written.`);
  }
  const { position, about } = readPosition(text, source);
  return { position, tensors: fromStored(stored, source), about };
}

/** Of the position, and of every tensor's name, shape and numbers in the order of names. */
function checksumOf(position: string, tensors: ReadonlyMap<string, StoredTensor>): string {
  const names = [...tensors.keys()].sort();
  const encoder = new TextEncoder();
  const parts = names.flatMap((name) => {
    const { shape, data } = tensors.get(name) as StoredTensor;
    return [encoder.encode(`${name}[${shape.join()}]`), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
  });
  return checksum([encoder.encode(position), ...parts]);
}

function readPosition(text: string, source: string): { position: TrainingPosition; about: Record<string, string> } {
  const file = readJsonObject(new TextEncoder().encode(text), `${source}: position`);
  const about = file.object("about");
  return {
    position: positionFromJson(file),
    about: Object.fromEntries(about.fields().map((name) => [name, about.string(name)])),
  };
}
