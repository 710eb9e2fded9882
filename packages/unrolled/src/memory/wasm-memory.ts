import { UnrolledError } from "../errors.js";
import type { Address, Memory } from "./memory.js";

const PAGE_BYTES = 65536;
/** What the kernels were compiled for: 4 GiB, the limit of 32-bit addresses. */
const MAXIMUM_PAGES = 65536;
/** 16 MiB: a host that has not even room for this runs no network. */
const LEAST_PAGES = 256;

/** The Wasm engines' memory: shared, so that threads can work on it without a copy. */
export class WasmMemory implements Memory {
  readonly precision = "float32";
  readonly memory: WebAssembly.Memory;
  elements: Float32Array<ArrayBufferLike>;
  #indices: Int32Array<ArrayBufferLike>;

  constructor(maximumPages = MAXIMUM_PAGES) {
    this.memory = reserve(maximumPages);
    this.elements = new Float32Array(this.memory.buffer);
    this.#indices = new Int32Array(this.memory.buffer);
  }

  grow(length: number): void {
    const pages = Math.ceil((length * 4) / PAGE_BYTES) - this.memory.buffer.byteLength / PAGE_BYTES;
    if (pages <= 0) return;
    try {
      this.memory.grow(pages);
    } catch (cause) {
      const [needed, present] = [length * 4, this.memory.buffer.byteLength].map((bytes) => (bytes / 2 ** 20).toFixed(0));
      throw new UnrolledError(
        "UNROLLED_MEMORY",
        `engine memory: ${needed} MiB are needed, ${present} MiB are in use and the host gives no more; ` +
          "use a smaller batch, shorter sequences or fewer units.",
        { cause },
      );
    }
    this.elements = new Float32Array(this.memory.buffer);
    this.#indices = new Int32Array(this.memory.buffer);
  }

  writeIndices(indices: ArrayLike<number>, address: Address): void {
    this.#indices.set(indices, address);
  }

  readIndices(address: Address, length: number): Int32Array {
    return Int32Array.from(this.#indices.subarray(address, address + length));
  }
}

/** Shared memory takes its maximum of addresses at once; a host that has less of them (phones, limited processes) gets a lower one. */
function reserve(maximumPages: number): WebAssembly.Memory {
  for (let maximum = maximumPages; ; maximum = Math.ceil(maximum / 2)) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared: true });
    } catch (cause) {
      if (maximum > LEAST_PAGES) continue;
      const mebibytes = (maximum * PAGE_BYTES) / 2 ** 20;
      throw new UnrolledError(
        "UNROLLED_MEMORY",
        `engine memory: the host has no room for even ${mebibytes} MiB; close what takes its memory, or raise the process's limit.`,
        { cause },
      );
    }
  }
}
