import type { Reader } from "@unrolled/data";
import type { Data } from "unrolled";

/** About what is held at most; data beyond it is read anew each time. */
const MOST_BYTES = 2 ** 26;
/** Of an object or an array, whatever is in it. */
const OVERHEAD_BYTES = 16;

/** The examples of a reader: in an array, where memory holds them easily, and else as they are. */
export async function inMemory<E>(read: Reader<E>, mostBytes: number = MOST_BYTES): Promise<Data<E>> {
  const examples: E[] = [];
  let bytes = 0;
  for await (const example of read()) {
    examples.push(example);
    bytes += bytesOf(example);
    if (bytes > mostBytes) return read;
  }
  return examples;
}

/** Data as a reader. */
export function readerOf<E>(data: Data<E>): Reader<E> {
  if (typeof data === "function") return () => data(1);
  return async function* () {
    yield* data;
  };
}

/** About how much memory a value takes. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return OVERHEAD_BYTES + 2 * value.length;
  if (typeof value !== "object" || value === null) return 8;
  if (ArrayBuffer.isView(value)) return OVERHEAD_BYTES + value.byteLength;
  return Object.values(value).reduce((sum: number, item: unknown) => sum + bytesOf(item), OVERHEAD_BYTES);
}
