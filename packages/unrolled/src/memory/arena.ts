import type { Allocator } from "./allocator.js";
import type { Address } from "./memory.js";

const ALIGNMENT = 16;
const FIRST_CHUNK = 1 << 16;
/** Each chunk is so many times the one before it. What is not used of it takes room in address space alone. */
const GROWTH = 4;

interface Chunk {
  readonly address: Address;
  readonly length: number;
}

/**
 * What one step needs: handed out by moving a position forward, taken back all at once. It keeps its chunks, so that a step like the one
 * before gets the same addresses: it neither grows memory nor touches more of it.
 */
export class Arena {
  readonly #allocator: Pick<Allocator, "allocate">;
  readonly #chunks: Chunk[] = [];
  #chunk = 0;
  #offset = 0;

  constructor(allocator: Pick<Allocator, "allocate">) {
    this.#allocator = allocator;
  }

  /** The address of `length` elements whose values are arbitrary. */
  allocate(length: number): Address {
    const rounded = Math.ceil(length / ALIGNMENT) * ALIGNMENT;
    let chunk = this.#chunks[this.#chunk];
    if (chunk === undefined || this.#offset + rounded > chunk.length) {
      chunk = this.#advance(rounded);
    }
    const address = chunk.address + this.#offset;
    this.#offset += rounded;
    return address;
  }

  /** The position to return to. */
  mark(): number {
    return this.#chunk * 2 ** 32 + this.#offset;
  }

  /** Takes back everything that was handed out since the mark. */
  release(mark: number): void {
    this.#chunk = Math.floor(mark / 2 ** 32);
    this.#offset = mark % 2 ** 32;
  }

  /** Moves on to the next chunk that has room, a new one where none has. */
  #advance(length: number): Chunk {
    let index = this.#chunks.length > 0 ? this.#chunk + 1 : 0;
    while (index < this.#chunks.length && (this.#chunks[index] as Chunk).length < length) index++;
    const last = this.#chunks.at(-1);
    const chunk = this.#chunks[index] ?? this.#allocateChunk(length, last ? GROWTH * last.length : FIRST_CHUNK);
    this.#chunks[index] = chunk;
    this.#chunk = index;
    this.#offset = 0;
    return chunk;
  }

  /** A chunk of `wanted` elements, or of `length` where memory has no room for as many. */
  #allocateChunk(length: number, wanted = length): Chunk {
    if (wanted > length) {
      try {
        return { address: this.#allocator.allocate(wanted), length: wanted };
      } catch {
        // less will do
      }
    }
    return { address: this.#allocator.allocate(length), length };
  }
}
