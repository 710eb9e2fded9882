/** A beginning of an answer: a token behind another beginning. */
export interface Beginning {
  readonly before: Beginning | undefined;
  readonly token: number;
  /** Tokens so far, the one that ends an answer included. */
  readonly length: number;
  /** Of all its tokens, in nats. */
  readonly logProbability: number;
  /** The step and the row whose logits chose its token. */
  readonly step: number;
  readonly row: number;
}

/** An answer. */
export interface Hypothesis {
  /** Without the one that ends it. */
  readonly tokens: number[];
  /** log p of all tokens, that of the end included where it came to one, in nats. */
  readonly logProbability: number;
  /** What hypotheses are compared by: the log-probability, normalised by length. */
  readonly score: number;
  /** Whether it came to an end within the length allowed. */
  readonly ended: boolean;
  /** The step and the row whose logits chose each token. */
  readonly origins: readonly { readonly step: number; readonly row: number }[];
}

/** From the first token on. */
export function chain(last: Beginning | undefined): Beginning[] {
  const all: Beginning[] = [];
  for (let at = last; at; at = at.before) all.push(at);
  return all.reverse();
}

/**
 * log p / ((5 + length) / 6)^α (Wu et al. 2016): longer answers, whose probability is smaller, are not put at a disadvantage; α = 0 compares
 * probabilities.
 */
export function normalized(logProbability: number, length: number, alpha: number): number {
  return logProbability / ((5 + length) / 6) ** alpha;
}

export function hypothesisOf(last: Beginning, end: number, alpha: number): Hypothesis {
  const all = chain(last);
  const ended = last.token === end;
  const written = ended ? all.slice(0, -1) : all;
  return {
    tokens: written.map(({ token }) => token),
    logProbability: last.logProbability,
    score: normalized(last.logProbability, last.length, alpha),
    ended,
    origins: written.map(({ step, row }) => ({ step, row })),
  };
}
