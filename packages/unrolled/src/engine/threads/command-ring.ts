import { UnrolledError } from "../../errors.js";

/** How a ring lies in memory; a worker is sent it, since its code runs apart from the library's. */
export const ringLayout = {
  /** Commands that a ring holds, a power of 2. */
  SLOTS: 1024,
  /** Numbers of a command: the kernel, then its arguments. */
  SLOT: 16,
  /** 32-bit words before the slots. Each that is used has a cache line of its own: */
  CONTROL: 80,
  /** commands written, commands done, */
  WRITTEN: 0,
  DONE: 16,
  /** whether the worker is ready (1) or failed (2), and whether worker and caller are asleep. */
  STATE: 32,
  WORKER_SLEEPS: 48,
  CALLER_SLEEPS: 64,
} as const;

const { SLOTS, SLOT, CONTROL, WRITTEN, DONE, STATE, WORKER_SLEEPS, CALLER_SLEEPS } = ringLayout;
const SLEEP_MS = 100;
/**
 * Sleeps without a heartbeat after which a worker is given up: 2 seconds, or 60 where its host says that it lives, since a thread may be
 * starved for long on a machine that is short of processors or memory. A machine that was suspended meanwhile counts as one sleep.
 */
const MOST_SLEEPS = 20;
const MOST_SLEEPS_ALIVE = 600;

/**
 * The commands that one worker carries out, in order: a ring in shared memory that the caller writes and the worker reads. A command is a
 * kernel and its arguments. The count of commands done is also the worker's heartbeat.
 */
export class CommandRing {
  /** Elements of memory that a ring takes. */
  static readonly length = CONTROL + 2 * SLOTS * SLOT;
  /** Where commands are written. */
  readonly slots: Float64Array;
  readonly #control: Int32Array;
  readonly #spins: number;
  readonly #lives: () => boolean | undefined;
  #written = 0;

  /**
   * @param byte where it begins in the memory's buffer
   * @param spins how often the caller looks whether the worker is done before it goes to sleep
   * @param lives whether the worker lives, as far as the host can tell
   */
  constructor(buffer: ArrayBufferLike, byte: number, spins: number, lives: () => boolean | undefined) {
    this.#spins = spins;
    this.#lives = lives;
    this.#control = new Int32Array(buffer, byte, CONTROL).fill(0);
    this.slots = new Float64Array(buffer, byte + 4 * CONTROL, SLOTS * SLOT);
  }

  /** Whether the worker has started and takes commands. */
  get isReady(): boolean {
    return Atomics.load(this.#control, STATE) === 1;
  }

  /** The place of the next command's arguments in `slots`; `send` hands it to the worker. */
  begin(kernel: number): number {
    if (((this.#written - Atomics.load(this.#control, DONE)) | 0) >= SLOTS) this.#wait((this.#written - SLOTS + 1) | 0);
    const at = (this.#written & (SLOTS - 1)) * SLOT;
    this.slots[at] = kernel;
    return at + 1;
  }

  send(): void {
    this.#written = (this.#written + 1) | 0; // counts wrap around, and only their differences are read
    Atomics.store(this.#control, WRITTEN, this.#written);
    if (Atomics.load(this.#control, WORKER_SLEEPS) === 1) Atomics.notify(this.#control, WRITTEN);
  }

  /**
   * Waits until every command is done.
   *
   * @throws {UnrolledError} `UNROLLED_THREAD` where the worker died.
   */
  finish(): void {
    if (Atomics.load(this.#control, DONE) !== this.#written) this.#wait(this.#written);
  }

  #wait(until: number): void {
    const control = this.#control;
    for (let spin = 0; spin < this.#spins; spin++) if (((Atomics.load(control, DONE) - until) | 0) >= 0) return;
    Atomics.store(control, CALLER_SLEEPS, 1);
    let sleeps = 0;
    for (let done = Atomics.load(control, DONE); ((done - until) | 0) < 0; ) {
      Atomics.wait(control, DONE, done, SLEEP_MS);
      const now = Atomics.load(control, DONE);
      sleeps = now === done ? sleeps + 1 : 0;
      done = now;
      if (Atomics.load(control, STATE) !== 1) throw died();
      if (sleeps === 0) continue;
      const lives = this.#lives();
      if (lives === false || sleeps >= (lives ? MOST_SLEEPS_ALIVE : MOST_SLEEPS)) throw died();
    }
    Atomics.store(control, CALLER_SLEEPS, 0);
  }
}

function died(): UnrolledError {
  return new UnrolledError(
    "UNROLLED_THREAD",
    "threads: a worker thread died or does not answer; what was computed with it is lost. Go on from the last checkpoint, " +
      "with configure({ threads: 1 }) if it happens again.",
  );
}
