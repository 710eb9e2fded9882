import type { Allocator } from "../../memory/allocator.js";
import type { Kernels } from "../kernels.js";
import { Program } from "../program.js";
import { CommandRing, ringLayout } from "./command-ring.js";
import { availableThreads, type SpawnedWorker, spawn } from "./spawn.js";
import { type Split, splits } from "./splits.js";

/** Kernels that answer nothing: what another thread can be told to do. */
export type Commands = { readonly [K in keyof Kernels as ReturnType<Kernels[K]> extends void ? K : never]: Kernels[K] };

/** What threads share: the modules that make up the kernels, and the memory that they work on. */
export interface ThreadHost {
  readonly modules: readonly WebAssembly.Module[];
  readonly memory: WebAssembly.Memory;
  readonly allocator: Allocator;
}

interface ThreadLimits {
  readonly threads?: number;
  readonly leastWork?: number;
}

const LEAST_WORK = 20_000;
/** A command of more is given in pieces, so that a worker's heartbeat never stops for long. */
const MOST_WORK = 200_000_000;
/** Looks at what another thread writes before going to sleep, some tenths of a millisecond; none where threads share processors. */
const SPINS = 200_000;
const MOST_ARGUMENTS = 15;

/**
 * The threads of an engine: the caller, and workers that are started when there is enough to do and take part from when they are ready on. They
 * divide outputs, never sums, so that their number changes no bit of a result.
 */
export class Threads {
  readonly #dividingKernels: Kernels;
  readonly #own: Kernels;
  /** Where calls are noted at the moment, and the kernels that do. */
  #program: Program | undefined;
  #notingKernels: Kernels | undefined;
  readonly #host: ThreadHost | undefined;
  readonly #names: readonly string[];
  readonly #args = new Float64Array(MOST_ARGUMENTS);
  readonly #rings: CommandRing[] = [];
  readonly #commands: Commands[] = [];
  readonly #workers: SpawnedWorker[] = [];
  readonly #leastWork: number;
  #limit: number;

  /**
   * @param kernels those of the caller's own thread
   * @param limits threads at most, the caller among them, and the nanoseconds of work that are worth waking others
   */
  constructor(kernels: Kernels, host?: ThreadHost, { threads = 1, leastWork = LEAST_WORK }: ThreadLimits = {}) {
    this.#own = kernels;
    this.#host = host;
    this.#limit = host ? threads : 1;
    this.#leastWork = leastWork;
    this.#names = Object.keys(kernels);
    this.#dividingKernels = host ? this.#dividing() : kernels;
    if (host) workersOf.register(this, this.#workers);
  }

  /** The engine's kernels, of which each divides its own work where it is large enough. */
  get kernels(): Kernels {
    return this.#notingKernels ?? this.#dividingKernels;
  }

  /** What is noted at the moment, if anything is. */
  get program(): Program | undefined {
    return this.#program;
  }

  /** Does `work` and notes every kernel call that it makes. */
  note(work: () => void): Program {
    const program = new Program();
    this.#program = program;
    this.#notingKernels = program.noting(this.#dividingKernels);
    try {
      work();
    } finally {
      this.#program = undefined;
      this.#notingKernels = undefined;
    }
    return program;
  }

  /** Threads at most. */
  get limit(): number {
    return this.#limit;
  }

  set limit(limit: number) {
    this.#limit = this.#host ? limit : 1;
    while (this.#workers.length >= this.#limit && this.#workers.length > 0) this.#dismissLast();
  }

  /** How many threads take part in work of so many nanoseconds. */
  countFor(work: number): number {
    if (work < this.#leastWork || this.#limit === 1 || this.#program) return 1;
    while (this.#workers.length < this.#limit - 1) this.#hire();
    let ready = 1;
    while (ready <= this.#rings.length && this.#rings[ready - 1]?.isReady) ready++;
    return ready;
  }

  /**
   * Runs `work` for each part, each on a thread of its own, block after block (a block is a step in time, say). It must do everything
   * by the kernels that it is given: for other threads they only note what is to be done, which those begin with at once.
   *
   * @param parts at most as many as `countFor` says
   * @throws {UnrolledError} `UNROLLED_THREAD` where a thread died
   */
  run(parts: number, blocks: number, work: (kernels: Commands, part: number, block: number) => void): void {
    for (let part = 1; part < parts; part++) work(this.#commands[part - 1] as Commands, part, 0);
    for (let block = 0; block < blocks; block++) {
      // the others' next block is noted before one's own is computed, so that none of them waits for it
      const next = block + 1;
      for (let part = 1; part < parts && next < blocks; part++) work(this.#commands[part - 1] as Commands, part, next);
      work(this.#notingKernels ?? this.#own, 0, block);
    }
    this.#join(parts);
  }

  #join(parts: number): void {
    try {
      for (let part = 1; part < parts; part++) this.#rings[part - 1]?.finish();
    } catch (error) {
      this.#limit = 1;
      while (this.#workers.length > 0) this.#dismissLast();
      throw error;
    }
  }

  #hire(): void {
    const { modules, memory, allocator } = this.#host as ThreadHost;
    const byte = 4 * allocator.allocate(CommandRing.length);
    const spins = this.#limit > availableThreads() ? 0 : SPINS;
    const ring = new CommandRing(memory.buffer, byte, spins, () => worker.lives());
    const worker = spawn({ modules, memory, names: this.#names, ring: byte, spins, layout: ringLayout });
    this.#workers.push(worker);
    this.#rings.push(ring);
    this.#commands.push(this.#noting(ring));
  }

  /** A ring's memory is not handed out again, since its worker may still look at it. */
  #dismissLast(): void {
    this.#workers.pop()?.terminate();
    this.#rings.pop();
    this.#commands.pop();
  }

  /** Kernels that write what they are told to do into a ring. */
  #noting(ring: CommandRing): Commands {
    const { slots } = ring;
    const noting = this.#names.map((name, kernel) => [
      name,
      // named arguments, since an array of them would be garbage at every call
      (
        a: number,
        b: number,
        c: number,
        d: number,
        e: number,
        f: number,
        g: number,
        h: number,
        i: number,
        j: number,
        k: number,
        l: number,
      ) => {
        const at = ring.begin(kernel);
        slots[at] = a;
        slots[at + 1] = b;
        slots[at + 2] = c;
        slots[at + 3] = d;
        slots[at + 4] = e;
        slots[at + 5] = f;
        slots[at + 6] = g;
        slots[at + 7] = h;
        slots[at + 8] = i;
        slots[at + 9] = j;
        slots[at + 10] = k;
        slots[at + 11] = l;
        ring.send();
      },
    ]);
    return Object.fromEntries(noting) as Commands;
  }

  /** The kernels, of which those of `splits` divide their work. */
  #dividing(): Kernels {
    const all = this.#names.map((name, kernel) => {
      const split = splits[name as keyof Kernels];
      return [name, split ? this.#divided(kernel, split) : this.#own[name as keyof Kernels]];
    });
    return { ...Object.fromEntries(all), transposedScratchLength: this.#transposedScratchLength } as Kernels;
  }

  /** Each thread packs for itself. */
  readonly #transposedScratchLength = (m: number, n: number, k: number): number =>
    this.#limit * aligned(this.#own.transposedScratchLength(m, n, k));

  #divided(kernel: number, splitOf: (args: Float64Array) => Split): unknown {
    const own = this.#own[this.#names[kernel] as keyof Kernels] as unknown as (...args: number[]) => void;
    const args = this.#args;
    return (
      a: number,
      b: number,
      c: number,
      d: number,
      e: number,
      f: number,
      g: number,
      h: number,
      i: number,
      j: number,
      k: number,
      l: number,
    ) => {
      if (this.#limit > 1) {
        args[0] = a;
        args[1] = b;
        args[2] = c;
        args[3] = d;
        args[4] = e;
        args[5] = f;
        args[6] = g;
        args[7] = h;
        args[8] = i;
        args[9] = j;
        args[10] = k;
        args[11] = l;
        const split = splitOf(args);
        const work = (args[split.count] as number) * split.cost(args);
        const parts = this.countFor(work);
        if (parts > 1) {
          this.#divide(kernel, own, split, parts, Math.ceil(work / parts / MOST_WORK));
          return;
        }
      }
      own(a, b, c, d, e, f, g, h, i, j, k, l);
    };
  }

  /** Hands every thread its range of the call that stands in `#args`, in pieces. */
  #divide(kernel: number, own: (...args: number[]) => void, split: Split, parts: number, pieces: number): void {
    const args = this.#args;
    const total = args[split.count] as number;
    for (let piece = pieces; piece < parts * pieces; piece++) {
      const part = Math.floor(piece / pieces);
      const from = boundary(total, piece, parts * pieces, split.grain);
      const to = boundary(total, piece + 1, parts * pieces, split.grain);
      if (from === to) continue;
      const ring = this.#rings[part - 1] as CommandRing;
      const at = ring.begin(kernel);
      this.#writeRange(split, part, from, to, ring.slots, at);
      ring.send();
    }
    const to = boundary(total, pieces, parts * pieces, split.grain);
    args[split.count] = to;
    if (to > 0) {
      own(
        args[0] as number,
        args[1] as number,
        args[2] as number,
        args[3] as number,
        args[4] as number,
        args[5] as number,
        args[6] as number,
        args[7] as number,
        args[8] as number,
        args[9] as number,
        args[10] as number,
        args[11] as number,
      );
    }
    this.#join(parts);
  }

  #writeRange(split: Split, part: number, from: number, to: number, slots: Float64Array, at: number): void {
    const args = this.#args;
    for (let place = 0; place < 12; place++) slots[at + place] = args[place] as number;
    slots[at + split.count] = to - from;
    for (const { place, by, isIndex } of split.moves) {
      const address = args[place] as number;
      if (isIndex || address !== 0) slots[at + place] = address + from * by(args);
    }
    const { scratch } = split;
    if (!scratch) return;
    const length = this.#own[scratch.length] as (...sizes: number[]) => number;
    const [m, n, k] = args;
    slots[at + scratch.place] = (args[scratch.place] as number) + part * aligned(length(m as number, n as number, k as number));
  }
}

/** Where a part begins, or the one before it ends: a multiple of `grain`, or the end. */
export function boundary(total: number, part: number, parts: number, grain: number): number {
  if (part === parts) return total;
  return Math.min(total, Math.round((total * part) / parts / grain) * grain);
}

/** Lengths in whole cache lines. */
function aligned(length: number): number {
  return Math.ceil(length / 16) * 16;
}

/** Workers end with the threads that they belong to. */
const workersOf = new FinalizationRegistry<readonly SpawnedWorker[]>((workers) => {
  for (const worker of workers) worker.terminate();
});
