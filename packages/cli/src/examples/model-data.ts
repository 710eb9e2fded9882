import type { ColumnChoice, ImageOptions } from "@unrolled/data";
import { UnrolledError } from "unrolled";
import type { ModelStore } from "unrolled/files";

/** What a model that this command trained was trained on; it stands beside the model's files, so that other files are read in the same way. */
export interface ModelData {
  /** The files, as they were named. */
  readonly files: readonly string[];
  readonly columns: ColumnChoice;
  /** Of the split, and of the training. */
  readonly seed: number;
  /** How pictures are read, where there are some and it isn't as each is. */
  readonly images?: Pick<ImageOptions, "height" | "channels">;
}

const NAME = "data.json";
const FORMAT = 1;

/** A store that writes a file with what the model is trained on whenever it writes anything, all or none. */
export function storeWithData(store: ModelStore, data: ModelData): ModelStore {
  const bytes = new TextEncoder().encode(`${JSON.stringify({ format: FORMAT, ...data }, undefined, 2)}\n`);
  return {
    description: store.description,
    read: (name) => store.read(name),
    list: () => store.list(),
    write: (files) => store.write(new Map([...files, [NAME, bytes]])),
    ...(store.hold ? { hold: () => store.hold?.() ?? Promise.resolve(() => Promise.resolve()) } : {}),
  };
}

/**
 * What the model of a store was trained on; `undefined` where it was not trained by this command.
 *
 * @throws {UnrolledError} `UNROLLED_FILE` where the file is damaged or of a newer format.
 */
export async function readModelData(store: ModelStore): Promise<ModelData | undefined> {
  const bytes = await store.read(NAME);
  if (bytes === undefined) return undefined;
  const { format, files, columns, seed, images } = parsed(bytes, store);
  if (typeof format === "number" && format > FORMAT) {
    throw damaged(store, `is of format ${format}, which is newer than this command`);
  }
  if (!isTexts(files) || !isColumnChoice(columns) || !Number.isSafeInteger(seed) || !isImageReading(images)) {
    throw damaged(store, "doesn't say which files and columns the model was trained on");
  }
  return { files, columns, seed: Number(seed), ...(images ? { images } : {}) };
}

function parsed(bytes: Uint8Array, store: ModelStore): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // told below, in words of what it should be
  }
  throw damaged(store, "is no JSON object");
}

function isColumnChoice(value: unknown): value is ColumnChoice {
  if (typeof value !== "object" || value === null) return false;
  const { task, input, target, time, group, kinds, sentence } = value as Partial<Record<string, unknown>>;
  const isNamed = typeof task === "string" && typeof sentence === "string" && (group === undefined || typeof group === "string");
  const isOfKinds = typeof kinds === "object" && kinds !== null && isTexts(Object.values(kinds));
  return isNamed && isOfKinds && isTexts(input) && isTexts(target) && isTexts(time);
}

function isImageReading(value: unknown): value is ModelData["images"] {
  if (value === undefined) return true;
  if (typeof value !== "object" || value === null) return false;
  const { height, channels } = value as Partial<Record<string, unknown>>;
  return (height === undefined || Number.isSafeInteger(height)) && (channels === undefined || channels === 1 || channels === 3);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function damaged(store: ModelStore, what: string): UnrolledError {
  return new UnrolledError("UNROLLED_FILE", `${store.description}/${NAME}: ${what}; train the model again, or remove the file.`);
}
