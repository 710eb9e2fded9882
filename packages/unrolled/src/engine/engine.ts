import { Allocator } from "../memory/allocator.js";
import { Arena } from "../memory/arena.js";
import type { Address, Elements, Memory } from "../memory/memory.js";
import type { Kernels } from "./kernels.js";
import type { Program } from "./program.js";
import { Threads } from "./threads/threads.js";

/**
 * `relaxed` fuses multiply and add, `wide` is the same with larger tiles for a V8 that computes 256 bits at once, `baseline` runs
 * wherever there is Wasm with SIMD, `reference` is plain TypeScript.
 */
export type EngineName = "reference" | "baseline" | "relaxed" | "wide";

/** What an engine's threads have in common. */
export interface Shared {
  readonly modules: readonly WebAssembly.Module[];
  readonly memory: WebAssembly.Memory;
  /** Threads at most, the caller among them. */
  readonly threads: number;
  /** Work of fewer nanoseconds stays on its caller. Default: 20,000, about what waking others takes. */
  readonly leastWork?: number;
}

/** A memory and the kernels that work on it. Several engines can live in one process. */
export class Engine {
  readonly name: EngineName;
  readonly memory: Memory;
  readonly threads: Threads;
  /** Memory that outlives a step. */
  readonly allocator: Allocator;
  /** Memory of the step at hand. */
  arena: Arena;
  readonly #finalization: FinalizationRegistry<Address>;

  /**
   * @param kernels those of one thread
   * @param reserved elements at the beginning of memory that belong to the kernels
   * @param shared what other threads need to take part; without it the caller computes alone
   */
  constructor(name: EngineName, memory: Memory, kernels: Kernels, reserved = 0, shared?: Shared) {
    this.name = name;
    this.memory = memory;
    this.allocator = new Allocator(memory, reserved);
    this.arena = new Arena(this.allocator);
    this.threads = new Threads(kernels, shared && { ...shared, allocator: this.allocator }, shared);
    this.#finalization = new FinalizationRegistry((address) => this.allocator.free(address));
  }

  /** What it computes with; large work is divided among its threads. */
  get kernels(): Kernels {
    return this.threads.kernels;
  }

  get precision(): "float32" | "float64" {
    return this.memory.precision;
  }

  /** Memory for as long as `owner` can be reached: the garbage collector frees it. */
  allocateFor(owner: object, length: number): Address {
    const address = this.allocator.allocate(length);
    this.#finalization.register(owner, address);
    return address;
  }

  /**
   * Does `work` once, and notes it as a program that does it again, in memory of its own that ends with the program.
   *
   * @returns undefined where it is more than kernel calls that don't depend on numbers: it wrote or read numbers, or asked for one
   */
  note(work: () => void): Program | undefined {
    const outer = this.arena;
    const memory: Address[] = [];
    this.arena = new Arena({ allocate: (length) => memory[memory.push(this.allocator.allocate(length)) - 1] as Address });
    let program: Program | undefined;
    try {
      const noted = this.threads.note(work);
      if (noted.isRepeatable) program = noted;
      return program;
    } finally {
      this.arena = outer;
      for (const address of memory) {
        if (program) this.#finalization.register(program, address);
        else this.allocator.free(address);
      }
    }
  }

  write(values: ArrayLike<number>, address: Address): void {
    this.threads.program?.spoil();
    this.memory.elements.set(values, address);
  }

  /** Copies indices (whole numbers) into memory, in the form in which kernels read them. */
  writeIndices(indices: ArrayLike<number>, address: Address): void {
    this.threads.program?.spoil();
    this.memory.writeIndices(indices, address);
  }

  /** A copy in an array of the engine's precision that belongs to the caller. */
  read(address: Address, length: number): Elements {
    this.threads.program?.spoil();
    const copy = this.precision === "float64" ? new Float64Array(length) : new Float32Array(length);
    copy.set(this.memory.elements.subarray(address, address + length));
    return copy;
  }

  /** A copy of indices that belongs to the caller. */
  readIndices(address: Address, length: number): Int32Array {
    this.threads.program?.spoil();
    return this.memory.readIndices(address, length);
  }

  readNumber(address: Address): number {
    this.threads.program?.spoil();
    return this.memory.elements[address] as number;
  }
}
