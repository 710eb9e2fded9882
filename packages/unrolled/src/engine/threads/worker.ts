import type { ringLayout } from "./command-ring.js";

/** What a worker needs to know. */
export interface WorkerStart {
  /** Modules whose exports together are the kernels. */
  readonly modules: readonly WebAssembly.Module[];
  readonly memory: WebAssembly.Memory;
  /** Names of the kernels; a command's first number is the place of its kernel here. */
  readonly names: readonly string[];
  /** The first byte of its command ring. */
  readonly ring: number;
  /** How often it looks for the next command before it goes to sleep. */
  readonly spins: number;
  readonly layout: typeof ringLayout;
}

/**
 * What a worker does from start to end: carries out the commands of its ring, looks for the next for a while, then sleeps.
 *
 * It runs from its own text (`toString`), so that no bundler has to find a file: it must name nothing from outside.
 */
export function serve({ modules, memory, names, ring, spins, layout }: WorkerStart): void {
  const { SLOTS, SLOT, CONTROL, WRITTEN, DONE, STATE, WORKER_SLEEPS, CALLER_SLEEPS } = layout;
  const control = new Int32Array(memory.buffer, ring, CONTROL);
  const slots = new Float64Array(memory.buffer, ring + 4 * CONTROL, SLOTS * SLOT);
  try {
    const kernels: Record<string, unknown> = {};
    for (const module of modules) Object.assign(kernels, new WebAssembly.Instance(module, { env: { memory } }).exports);
    const table = names.map((name) => kernels[name] as (...args: number[]) => void);
    Atomics.store(control, STATE, 1);
    for (let done = 0, written = 0, looks = 0; ; ) {
      if (written === done) {
        written = Atomics.load(control, WRITTEN);
        if (written !== done) {
          // What was written may lie in memory that has grown since, and V8 tells a thread of that at the loop's next turn: a bulk operation
          // in this one would still be checked against the old size.
          continue;
        }
        if (++looks < spins) continue;
        Atomics.store(control, WORKER_SLEEPS, 1);
        Atomics.wait(control, WRITTEN, done);
        Atomics.store(control, WORKER_SLEEPS, 0);
        continue;
      }
      looks = 0;
      const s = (done & (SLOTS - 1)) * SLOT;
      const kernel = table[slots[s] as number] as (...args: (number | undefined)[]) => void;
      kernel(
        slots[s + 1],
        slots[s + 2],
        slots[s + 3],
        slots[s + 4],
        slots[s + 5],
        slots[s + 6],
        slots[s + 7],
        slots[s + 8],
        slots[s + 9],
        slots[s + 10],
        slots[s + 11],
        slots[s + 12],
        slots[s + 13],
        slots[s + 14],
        slots[s + 15],
      );
      done = (done + 1) | 0;
      Atomics.store(control, DONE, done);
      if (Atomics.load(control, CALLER_SLEEPS) === 1) Atomics.notify(control, DONE);
    }
  } finally {
    Atomics.store(control, STATE, 2);
    Atomics.notify(control, DONE);
  }
}
