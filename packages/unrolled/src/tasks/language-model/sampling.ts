import { UnrolledError } from "../../errors.js";
import { checkCount, checkKnown, checkSignal } from "../../layers/options.js";
import { checkSeed, freshSeed, RandomStream, type Seed } from "../../tensor/random.js";
import type { TensorData } from "../../tensor/tensor.js";
import { checkRange } from "../../training/optimizers/optimizer.js";

/** How a text is gone on with. */
export interface GenerateOptions {
  /** Tokens after the prompt: characters, words or pieces. Default: 200. */
  length?: number;
  /** Below 1 bolder guesses become rarer, above 1 more frequent; 0 always takes the likeliest. Default: 1. */
  temperature?: number;
  /** Draws from the k likeliest alone (Fan et al. 2018). Default: all. */
  topK?: number;
  /** Draws from the likeliest whose probabilities reach p together (Holtzman et al. 2020). Default: 1, all. */
  topP?: number;
  /** The same seed writes the same text. Default: another one each time. */
  seed?: Seed;
  /** Ends the text early. */
  signal?: AbortSignal;
}

/** What can go on with a text. */
export interface Writer {
  /** What comes after a prompt, all at once. */
  sample(prompt: string, options?: GenerateOptions): string;
}

/** Draws one index after another from logits. */
export class Sampler {
  readonly length: number;
  readonly #temperature: number;
  readonly #topK: number;
  readonly #topP: number;
  readonly #random: RandomStream;

  /** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range. */
  constructor(options: GenerateOptions) {
    const where = "generate";
    checkKnown(where, options, ["length", "temperature", "topK", "topP", "seed", "signal"]);
    checkSignal(where, options.signal);
    this.length = checkCount(where, "length", options.length ?? 200, 0);
    this.#temperature = checkRange(where, "temperature", options.temperature ?? 1, 0, Number.POSITIVE_INFINITY);
    this.#topK = options.topK === undefined ? Number.POSITIVE_INFINITY : checkCount(where, "topK", options.topK);
    this.#topP = options.topP ?? 1;
    if (!(this.#topP > 0 && this.#topP <= 1)) {
      throw new UnrolledError("UNROLLED_VALUE", `${where}: \`topP\` must be above 0 and at most 1, received ${this.#topP}.`);
    }
    this.#random = new RandomStream(checkSeed(options.seed ?? freshSeed()), "sampling");
  }

  /**
   * An index by its logit; never 0, which stands for unknown tokens.
   *
   * @param isAllowed which ones it may be. Default: all.
   */
  draw(logits: TensorData, isAllowed: (index: number) => boolean = () => true): number {
    const ranked = Array.from(logits, (logit, index) => ({ logit, index }))
      .slice(1)
      .filter(({ index }) => isAllowed(index))
      .sort((a, b) => b.logit - a.logit || a.index - b.index);
    const best = ranked[0] as { logit: number; index: number };
    if (this.#temperature === 0) return best.index;
    const candidates = ranked
      .slice(0, Math.min(this.#topK, ranked.length))
      .map(({ logit, index }) => ({ index, weight: Math.exp((logit - best.logit) / this.#temperature) }));
    return this.#pick(this.#nucleus(candidates));
  }

  #nucleus(candidates: Candidate[]): Candidate[] {
    if (this.#topP === 1) return candidates;
    const enough = this.#topP * totalOf(candidates);
    let reached = 0;
    const last = candidates.findIndex(({ weight }) => {
      reached += weight;
      return reached >= enough;
    });
    return candidates.slice(0, last < 0 ? candidates.length : last + 1);
  }

  #pick(candidates: readonly Candidate[]): number {
    let left = this.#random.uniform() * totalOf(candidates);
    for (const { index, weight } of candidates) {
      left -= weight;
      if (left < 0) return index;
    }
    return (candidates.at(-1) as Candidate).index;
  }
}

interface Candidate {
  readonly index: number;
  readonly weight: number;
}

function totalOf(candidates: readonly Candidate[]): number {
  return candidates.reduce((total, { weight }) => total + weight, 0);
}
