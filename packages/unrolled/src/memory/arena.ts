import type { Allocator } from "./allocator.js";
import type { Address } from "./memory.js";

const ALIGNMENT = 16;
const FIRST_CHUNK = 1 << 16;

interface Chunk {
  address: Address;
  length: number;
}

/**
 * What one step needs: handed out by moving a position forward, taken back all at once. After a step that needed several chunks
 * they become one, so that the steps that follow neither grow nor search.
 */
export class Arena {
  readonly #allocator: Pick<Allocator, "allocate"> & Partial<Allocator>;
  #chunks: Chunk[] = [];
  #chunk = 0;
  #offset = 0;

  /** @param allocator without `free`, what was handed out stays, and addresses never change */
  constructor(allocator: Pick<Allocator, "allocate"> & Partial<Allocator>) {
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
    if (mark === 0 && this.#chunks.length > 1 && this.#allocator.free) this.#consolidate();
  }

  /** Moves on to a chunk that has room, a new one where the next has not. */
  #advance(length: number): Chunk {
    const index = this.#chunks.length > 0 ? this.#chunk + 1 : 0;
    let chunk = this.#chunks[index];
    if (chunk === undefined || chunk.length < length) {
      const last = this.#chunks.at(-1);
      chunk = this.#allocateChunk(Math.max(length, last ? 2 * last.length : FIRST_CHUNK));
      this.#chunks.splice(index, 0, chunk);
    }
    this.#chunk = index;
    this.#offset = 0;
    return chunk;
  }

  #consolidate(): void {
    const total = this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    for (const chunk of this.#chunks) this.#allocator.free?.(chunk.address);
    this.#chunks = [];
    try {
      this.#chunks = [this.#allocateChunk(total)];
    } catch {
      // Memory has room for the chunks but not for one of all: the next step takes several again.
    }
  }

  #allocateChunk(length: number): Chunk {
    return { address: this.#allocator.allocate(length), length };
  }
}
