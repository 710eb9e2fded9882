import { UnrolledError } from "../../errors.js";
import { checkCount, checkKnown } from "../../layers/options.js";
import { Candidates, logSumExp } from "./candidates.js";
import { type Beginning, chain, type Hypothesis, hypothesisOf, normalized } from "./hypothesis.js";

/** What is asked for the next token, step by step: a network that keeps its own states. */
export interface DecoderSteps {
  /**
   * The logits of the next token for each row, `[rows, symbols]`, row-major.
   *
   * @param tokens what each row reads: what was chosen last, at first the token that begins answers
   * @param parents the row of the step before that each row goes on from; at first the source
   */
  next(tokens: Int32Array, parents: Int32Array): Float32Array | Float64Array;
}

/** How answers are searched for. */
export interface BeamSearchOptions {
  /** The token that begins an answer. */
  start: number;
  /** The token that ends one. */
  end: number;
  /** How many tokens an answer has at most, the end not counted: one number, or one for each source. */
  maxLength: number | ArrayLike<number>;
  /** How many beginnings are followed side by side; 1 takes the likeliest token at each step. Default: 1. */
  beam?: number;
  /** α of Wu et al. 2016: scores are log p / ((5 + length) / 6)^α. Default: 0.6. */
  lengthNormalization?: number;
  /** How many answers are given for each source, at most `beam`. Default: 1. */
  nBest?: number;
  /** So many tokens in a row never come twice in an answer; 0 for no such rule. Default: 0. */
  noRepeatNgram?: number;
  /** Tokens that are never chosen. Default: none. */
  banned?: readonly number[];
}

/** Options of all sources, with their defaults filled in. */
type SearchOptions = Required<Omit<BeamSearchOptions, "maxLength" | "banned">>;

/** The search for the answers to one source. */
interface Source {
  /** The beam: the likeliest first. */
  live: (Beginning | undefined)[];
  /** The answer so far of who takes the likeliest token at each step, where it is not over. */
  greedy: Beginning | undefined | "over";
  readonly finished: Beginning[];
  readonly maxLength: number;
  isOver: boolean;
}

/** What a row of a step writes. */
interface Row {
  readonly source: Source;
  readonly beginning: Beginning | undefined;
  /** Whether it is of the beam, and not of the greedy answer alone. */
  readonly isOfBeam: boolean;
}

/**
 * Searches for the best answers to some sources at once, step by step, by beam search (Graves 2012; Sutskever et al. 2014). At each step the beam takes the
 * best continuations of its beginnings, as many as it has room for; one that comes to its end leaves the beam, which has so much less room. A source is done
 * where the beam is empty, or where none of its beginnings can come among the `nBest` answers any more: its log-probability only falls, so
 * log p / ((5 + maxLength + 1) / 6)^α is the most that it can come to.
 *
 * The greedy answer, the likeliest token at each step, is followed beside the beam where it has fallen out of it, and is a candidate of the final choice, which
 * takes a place of the beam, too, once it is over: no beam gives a lower score than greedy search. What a source gets doesn't depend on the others. Of equal candidates the one of the better beginning
 * comes first, then the lower token.
 */
export class BeamSearch {
  readonly #steps: DecoderSteps;
  readonly #options: SearchOptions;
  readonly #banned: ReadonlySet<number>;
  readonly #sources: readonly Source[];
  #rows: Row[];
  #parents: Int32Array;
  #step = 0;

  /** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range. */
  constructor(steps: DecoderSteps, sources: number, options: BeamSearchOptions) {
    const where = "beam search";
    checkKnown(where, options, OPTIONS);
    const { start, end, maxLength, beam = 1, lengthNormalization = 0.6, nBest = 1, noRepeatNgram = 0, banned = [] } = options;
    checkSearch(where, { beam, nBest, lengthNormalization, noRepeatNgram });
    const lengthOf = (source: number) => (typeof maxLength === "number" ? maxLength : (maxLength[source] as number));
    this.#steps = steps;
    this.#options = { start, end, beam, lengthNormalization, nBest, noRepeatNgram };
    this.#banned = new Set(banned);
    this.#sources = Array.from({ length: sources }, (_, source) => ({
      ...{ live: [undefined], greedy: undefined, finished: [], isOver: false },
      maxLength: checkCount(where, "maxLength", lengthOf(source)),
    }));
    this.#rows = this.#sources.map((source) => ({ source, beginning: undefined, isOfBeam: true }));
    this.#parents = Int32Array.from(this.#sources.keys());
  }

  /** Whether all answers are found. */
  get isDone(): boolean {
    return this.#rows.length === 0;
  }

  /** The best beginning of a source's answer so far, which with a beam of 1 is final; undefined before the first step. */
  soFar(source: number): Hypothesis | undefined {
    const { live, finished } = this.#sources[source] as Source;
    const best = live[0] ?? finished[0];
    return best && hypothesisOf(best, this.#options.end, this.#options.lengthNormalization);
  }

  /** Takes one step, and says whether all answers are found. */
  advance(): boolean {
    if (this.isDone) return true;
    const rows = this.#rows;
    const tokens = Int32Array.from(rows, ({ beginning }) => beginning?.token ?? this.#options.start);
    const logits = this.#steps.next(tokens, this.#parents);
    const symbols = logits.length / rows.length;
    for (let first = 0; first < rows.length; ) {
      const { source } = rows[first] as Row;
      let end = first + 1;
      while (rows[end]?.source === source) end++;
      this.#continue(source, rows, first, end, logits, symbols);
      first = end;
    }
    this.#step++;
    this.#enterStep();
    return this.isDone;
  }

  /** The best answers to each source, the best first. */
  get hypotheses(): Hypothesis[][] {
    const { end, nBest, lengthNormalization: alpha } = this.#options;
    return this.#sources.map(({ finished }) =>
      finished
        .map((last) => hypothesisOf(last, end, alpha))
        .sort((a, b) => b.score - a.score)
        .slice(0, nBest),
    );
  }

  /** A source's beam after the logits of its rows, from `first` to before `end`. */
  #continue(
    source: Source,
    rows: readonly Row[],
    first: number,
    end: number,
    logits: Float32Array | Float64Array,
    symbols: number,
  ): void {
    const { beam } = this.#options;
    const ofBeam = new Candidates(Math.max(1, beam - source.finished.length));
    const greedy = new Candidates(1);
    for (let row = first; row < end; row++) {
      const { beginning, isOfBeam } = rows[row] as Row;
      const banned = this.#bannedAfter(beginning);
      const total = logSumExp(logits, row, symbols);
      const before = beginning?.logProbability ?? 0;
      if (isOfBeam) ofBeam.addRow(logits, row, symbols, before, total, banned);
      if (source.greedy === beginning) greedy.addRow(logits, row, symbols, before, total, banned);
    }
    const begun = new Map<number, Beginning>();
    const take = (candidates: Candidates, place: number): Beginning => {
      const [row, token] = [candidates.rows[place] as number, candidates.tokens[place] as number];
      const key = row * symbols + token;
      const known = begun.get(key);
      if (known) return known;
      const before = (rows[row] as Row).beginning;
      const taken: Beginning = {
        ...{ before, token, length: (before?.length ?? 0) + 1 },
        ...{ logProbability: candidates.scores[place] as number, step: this.#step, row },
      };
      begun.set(key, taken);
      return taken;
    };
    const isOfBeam = rows.slice(first, end).some((row) => row.isOfBeam);
    const taken = Array.from({ length: isOfBeam ? ofBeam.count : 0 }, (_, place) => take(ofBeam, place));
    if (source.greedy !== "over") source.greedy = greedy.count > 0 ? take(greedy, 0) : "over";
    source.live = taken.filter((beginning) => !this.#isOver(beginning, source));
    source.finished.push(...taken.filter((beginning) => this.#isOver(beginning, source)));
    this.#settle(source);
  }

  /** Ends what can't become better. */
  #settle(source: Source): void {
    const { greedy, finished } = source;
    if (greedy !== "over" && greedy && this.#isOver(greedy, source)) {
      if (!finished.includes(greedy)) finished.push(greedy);
      source.greedy = "over";
    }
    const { beam, nBest, lengthNormalization: alpha } = this.#options;
    const scores = finished.map((last) => normalized(last.logProbability, last.length, alpha)).sort((a, b) => b - a);
    const least = scores[nBest - 1] ?? Number.NEGATIVE_INFINITY;
    const canWin = ({ logProbability }: Beginning) => normalized(logProbability, source.maxLength + 1, alpha) > least;
    if (finished.length >= beam || !source.live.some((beginning) => beginning && canWin(beginning))) source.live = [];
    if (source.greedy !== "over" && !(source.greedy && canWin(source.greedy))) source.greedy = "over";
    source.isOver = source.live.length === 0 && source.greedy === "over";
  }

  /** The rows of the step that comes: the beams, and greedy answers that fell out of theirs. */
  #enterStep(): void {
    const rows: Row[] = [];
    for (const source of this.#sources) {
      if (source.isOver) continue;
      for (const beginning of source.live) rows.push({ source, beginning, isOfBeam: true });
      const { greedy } = source;
      if (greedy !== "over" && !source.live.includes(greedy)) rows.push({ source, beginning: greedy, isOfBeam: false });
    }
    this.#rows = rows;
    this.#parents = Int32Array.from(rows, ({ beginning }) => (beginning as Beginning).row);
  }

  #isOver({ token, length }: Beginning, { maxLength }: Source): boolean {
    return token === this.#options.end || length >= maxLength;
  }

  /** Tokens that may not come next. */
  #bannedAfter(beginning: Beginning | undefined): ReadonlySet<number> {
    const { noRepeatNgram } = this.#options;
    if (noRepeatNgram === 0 || !beginning) return this.#banned;
    const tokens = chain(beginning).map(({ token }) => token);
    const last = noRepeatNgram === 1 ? [] : tokens.slice(1 - noRepeatNgram);
    if (last.length < noRepeatNgram - 1) return this.#banned;
    const banned = new Set(this.#banned);
    for (let first = 0; first + noRepeatNgram <= tokens.length; first++) {
      if (last.every((token, place) => token === tokens[first + place])) banned.add(tokens[first + noRepeatNgram - 1] as number);
    }
    return banned;
  }
}

const OPTIONS = [...["start", "end", "maxLength", "beam", "lengthNormalization", "nBest", "noRepeatNgram", "banned"]];

/** @throws {UnrolledError} `UNROLLED_VALUE` for what is out of range. */
export function checkSearch(
  where: string,
  { beam, nBest, lengthNormalization, noRepeatNgram }: Omit<SearchOptions, "start" | "end">,
): void {
  checkCount(where, "beam", beam);
  checkCount(where, "nBest", nBest);
  checkCount(where, "noRepeatNgram", noRepeatNgram, 0);
  if (nBest > beam) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${where}: \`nBest\` must be at most beam, ${beam}, received ${nBest}; set a wider beam.`,
    );
  }
  if (lengthNormalization >= 0 && Number.isFinite(lengthNormalization)) return;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: \`lengthNormalization\` must be a finite number of at least 0, received ${lengthNormalization}.`,
  );
}

/** The best answers to each source, the best first: a `BeamSearch` from its first step to its last. */
export function beamSearch(steps: DecoderSteps, sources: number, options: BeamSearchOptions): Hypothesis[][] {
  const search = new BeamSearch(steps, sources, options);
  while (!search.advance());
  return search.hypotheses;
}
