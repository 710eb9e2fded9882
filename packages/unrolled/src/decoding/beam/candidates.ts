import { UnrolledError } from "../../errors.js";

/** The best so-and-so-many of candidates that come one after another; of equal ones those that came first. */
export class Candidates {
  readonly #most: number;
  readonly scores: Float64Array;
  readonly rows: Int32Array;
  readonly tokens: Int32Array;
  count = 0;

  constructor(most: number) {
    this.#most = most;
    this.scores = new Float64Array(most);
    this.rows = new Int32Array(most);
    this.tokens = new Int32Array(most);
  }

  /** Considers every token behind a row. @param before log p of what the row has written @param total log Σ exp of its logits */
  addRow(
    logits: Float32Array | Float64Array,
    row: number,
    symbols: number,
    before: number,
    total: number,
    banned: ReadonlySet<number>,
  ): void {
    const first = row * symbols;
    const shift = before - total;
    for (let token = 0; token < symbols; token++) {
      const score = (logits[first + token] as number) + shift;
      if (this.count === this.#most && score <= (this.scores[this.#most - 1] as number)) continue;
      if (score === Number.NEGATIVE_INFINITY || banned.has(token)) continue;
      this.#insert(score, row, token);
    }
  }

  #insert(score: number, row: number, token: number): void {
    let place = this.count < this.#most ? this.count++ : this.#most - 1;
    while (place > 0 && (this.scores[place - 1] as number) < score) {
      this.scores[place] = this.scores[place - 1] as number;
      this.rows[place] = this.rows[place - 1] as number;
      this.tokens[place] = this.tokens[place - 1] as number;
      place--;
    }
    this.scores[place] = score;
    this.rows[place] = row;
    this.tokens[place] = token;
  }
}

/**
 * log Σ exp of a row's logits.
 *
 * @throws {UnrolledError} `UNROLLED_NOT_FINITE` where one is NaN or +∞, or all are −∞.
 */
export function logSumExp(logits: Float32Array | Float64Array, row: number, symbols: number): number {
  const first = row * symbols;
  let highest = Number.NEGATIVE_INFINITY;
  for (let place = first; place < first + symbols; place++)
    if ((logits[place] as number) > highest) highest = logits[place] as number;
  let sum = 0;
  for (let place = first; place < first + symbols; place++) sum += Math.exp((logits[place] as number) - highest);
  const total = highest + Math.log(sum);
  if (Number.isFinite(total)) return total;
  const wrong = Array.from({ length: symbols }, (_, token) => token).find(
    (token) => !((logits[first + token] as number) < Infinity),
  );
  throw new UnrolledError(
    "UNROLLED_NOT_FINITE",
    wrong === undefined
      ? "beam search: all logits of a step are -Infinity, so no token is possible."
      : `beam search: the logit of token ${wrong} is ${logits[first + wrong]}; the weights, or what they were given, are not finite.`,
  );
}
