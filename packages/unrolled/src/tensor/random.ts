import { type Block, philox } from "../../kernels/random/philox-reference.js";
import { UnrolledError } from "../errors.js";

/** A whole number from 0 to 2⁵³ − 1. The same seed gives the same numbers on every engine that computes alike. */
export type Seed = number;

/** What random numbers are drawn for. Each purpose has numbers of its own, so that more of one doesn't shift another. */
export type Purpose = "initialisation" | "dropout" | "shuffling" | "sampling" | "validation";

const PURPOSES: readonly Purpose[] = ["initialisation", "dropout", "shuffling", "sampling", "validation"];

/** A seed that differs from run to run, for where none is given. */
export function freshSeed(): Seed {
  return Math.floor(Math.random() * 2 ** 32);
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for what is no seed. */
export function checkSeed(seed: Seed): Seed {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `seed: expected a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, received ${seed}.`,
  );
}

/**
 * Random numbers for one purpose and one user of it (a layer, say), counted: the n-th number is a function of seed, purpose,
 * stream and n alone.
 */
export class RandomStream {
  readonly key: readonly [number, number];
  readonly stream: number;
  #counter = 0;
  #block: Block = [0, 0, 0, 0];
  #left = 0;

  constructor(seed: Seed, purpose: Purpose, stream = 0) {
    checkSeed(seed);
    this.key = [seed >>> 0, ((Math.floor(seed / 2 ** 32) << 8) | PURPOSES.indexOf(purpose)) >>> 0];
    this.stream = stream;
  }

  /** How many blocks were drawn. Setting it goes back, or on, to where that many were drawn and all used. */
  get counter(): number {
    return this.#counter;
  }

  set counter(counter: number) {
    this.#counter = counter;
    this.#left = 0;
  }

  /** A word of 32 random bits. */
  word(): number {
    if (this.#left === 0) {
      this.#block = philox([this.#counter++ >>> 0, 0, this.stream, 1], this.key);
      this.#left = 4;
    }
    return this.#block[4 - this.#left--] as number;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** Standard normal (Box & Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Uniform in 0 … bound − 1. */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }
}
