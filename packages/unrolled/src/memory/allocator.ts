import type { Address, Memory } from "./memory.js";

/** Blocks start at multiples of a cache line. */
const ALIGNMENT = 16;

interface FreeBlock {
  address: Address;
  length: number;
}

/**
 * Memory that outlives a step: parameters, what optimizers keep, the arena's chunks. A free list in the order of addresses,
 * first fit, neighbours merged.
 */
export class Allocator {
  readonly #memory: Memory;
  readonly #free: FreeBlock[] = [];
  readonly #lengths = new Map<Address, number>();
  /** Where the part of memory that was never handed out begins. */
  #end: Address;

  /** @param reserved elements at the beginning of memory that are never handed out; address 0 is one of them */
  constructor(memory: Memory, reserved: number) {
    this.#memory = memory;
    this.#end = Math.max(ALIGNMENT, Math.ceil(reserved / ALIGNMENT) * ALIGNMENT);
  }

  /** Elements that are handed out. */
  get used(): number {
    let used = 0;
    for (const length of this.#lengths.values()) used += length;
    return used;
  }

  /** The address of `length` elements whose values are arbitrary. */
  allocate(length: number): Address {
    const rounded = Math.max(ALIGNMENT, Math.ceil(length / ALIGNMENT) * ALIGNMENT);
    const address = this.#takeFree(rounded) ?? this.#takeEnd(rounded);
    this.#lengths.set(address, rounded);
    return address;
  }

  free(address: Address): void {
    const length = this.#lengths.get(address);
    if (length === undefined) throw new RangeError(`allocator: nothing was allocated at ${address}.`);
    this.#lengths.delete(address);
    const next = this.#free.findIndex((block) => block.address > address);
    this.#free.splice(next < 0 ? this.#free.length : next, 0, { address, length });
    this.#merge();
  }

  #takeFree(length: number): Address | undefined {
    const index = this.#free.findIndex((block) => block.length >= length);
    const block = this.#free[index];
    if (block === undefined) return undefined;
    const { address } = block;
    block.address += length;
    block.length -= length;
    if (block.length === 0) this.#free.splice(index, 1);
    return address;
  }

  #takeEnd(length: number): Address {
    const address = this.#end;
    if (address + length > this.#memory.elements.length) this.#memory.grow(address + length);
    this.#end += length;
    return address;
  }

  #merge(): void {
    for (let i = this.#free.length - 1; i > 0; i--) {
      const [before, block] = [this.#free[i - 1], this.#free[i]];
      if (before && block && before.address + before.length === block.address) {
        before.length += block.length;
        this.#free.splice(i, 1);
      }
    }
    const last = this.#free.at(-1);
    if (last && last.address + last.length === this.#end) {
      this.#end = last.address;
      this.#free.pop();
    }
  }
}
