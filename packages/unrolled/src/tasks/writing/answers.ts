import { BeamSearch, type BeamSearchOptions, checkSearch, type DecoderSteps } from "../../decoding/beam/beam-search.js";
import type { Hypothesis } from "../../decoding/beam/hypothesis.js";
import type { EncoderDecoder } from "../../layers/encoder-decoder.js";
import type { Source } from "../../layers/layer.js";
import { checkCount, checkKnown, checkSignal } from "../../layers/options.js";
import { Turns } from "../../training/turns.js";
import type { TextSide } from "./text-side.js";

/** How answers are searched for. */
export interface AnswerOptions {
  /** How many beginnings of an answer are followed side by side; 1 takes the likeliest token at each step. Default: 5, or `nBest` where that is more. */
  beam?: number;
  /** How many answers are given, the best and `alternatives`; at most `beam`. Default: 1. */
  nBest?: number;
  /** α of Wu et al. 2016: answers are compared by log p / ((5 + length) / 6)^α. Default: 0.6. */
  lengthNormalization?: number;
  /** So many tokens in a row never come twice in an answer; 0 for no such rule. Default: 0. */
  noRepeatNgram?: number;
  /**
   * How many tokens an answer has at most. Default: of a translator twice as many as the source has, or as many as the longest target of its training if
   * these are more, and 10; of a captioner twice as many as the longest text of its training, and 10.
   */
  maxLength?: number;
  /** Ends the work with the signal's reason. */
  signal?: AbortSignal;
}

/** How an answer is written token by token, the likeliest each time, where there is nothing to choose between. */
export type StreamedAnswerOptions = Pick<AnswerOptions, "noRepeatNgram" | "maxLength" | "signal">;

/** A text that a network wrote. */
export interface Answer {
  /** The whole of it. */
  readonly text: string;
  /** Its tokens, of pieces what each adds to the text. */
  readonly tokens: readonly string[];
  /** log p of all tokens, in nats. */
  readonly logProbability: number;
  /** What answers are compared by. */
  readonly score: number;
  /** For each token how much was read of each place of the source, together 1. */
  readonly attention: readonly (readonly number[])[];
}

const OPTIONS = ["beam", "nBest", "lengthNormalization", "noRepeatNgram", "maxLength", "signal"] as const;

/** Options with their defaults filled in. */
export type ResolvedAnswering = Required<Omit<AnswerOptions, "maxLength" | "signal">> &
  Pick<AnswerOptions, "maxLength" | "signal">;

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range. */
export function resolveAnswering(where: string, options: AnswerOptions): ResolvedAnswering {
  checkKnown(where, options, OPTIONS);
  const { nBest = 1, lengthNormalization = 0.6, noRepeatNgram = 0 } = options;
  const beam = options.beam ?? Math.max(5, nBest);
  checkSearch(where, { beam, nBest, lengthNormalization, noRepeatNgram });
  checkSignal(where, options.signal);
  if (options.maxLength !== undefined) checkCount(where, "maxLength", options.maxLength);
  return { ...options, beam, nBest, lengthNormalization, noRepeatNgram };
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown, of a search alone, or out of range. */
export function resolveStreaming(where: string, options: StreamedAnswerOptions): ResolvedAnswering {
  checkKnown(where, options, ["noRepeatNgram", "maxLength", "signal"]);
  return resolveAnswering(where, { ...options, beam: 1 });
}

/** Some sources, and what they are written about. */
export interface Asked {
  readonly source: Source;
  /** How many tokens each answer has at most. */
  readonly maxLengths: ArrayLike<number>;
  /** For each source a text for each place, which is written where the decoder writes its unknown token; none where nothing can be. */
  readonly copied?: readonly (readonly string[])[];
}

/** Writes answers to some sources at once. */
class AnswerSearch {
  readonly #search: BeamSearch;
  readonly #side: TextSide;
  readonly #asked: Asked;
  /** What each row of each step read of its source. */
  readonly #attention: (readonly Float32Array[])[] = [];

  constructor(network: EncoderDecoder, side: TextSide, asked: Asked, options: ResolvedAnswering) {
    const decoding = network.decode(asked.source);
    const steps: DecoderSteps = {
      next: (tokens, parents) => {
        const logits = decoding.next(tokens, parents);
        this.#attention.push(Array.from(parents, (_, row) => decoding.attentionOf(row)));
        return logits;
      },
    };
    const { beam, nBest, lengthNormalization, noRepeatNgram } = options;
    const own: BeamSearchOptions = {
      ...{ start: side.end, end: side.end, maxLength: asked.maxLengths },
      ...{ beam, nBest, lengthNormalization, noRepeatNgram },
      // what is unknown is written where it can be copied
      banned: asked.copied ? [] : [0],
    };
    this.#search = new BeamSearch(steps, decoding.sources, own);
    this.#side = side;
    this.#asked = asked;
  }

  /** Takes one step, and says whether all answers are written. */
  advance(): boolean {
    return this.#search.advance();
  }

  /** A source's best answer so far, final with a beam of 1; of pieces as far as its characters are whole. */
  textSoFar(source: number): string {
    const best = this.#search.soFar(source);
    return best ? this.#joined(this.#tokensOf(source, best)) : "";
  }

  /** For each source its best answers, the best first. */
  get answers(): Answer[][] {
    return this.#search.hypotheses.map((own, source) => own.map((hypothesis) => this.#answer(source, hypothesis)));
  }

  #answer(source: number, hypothesis: Hypothesis): Answer {
    const { tokens: indices, logProbability, score, origins } = hypothesis;
    const tokens = this.#tokensOf(source, hypothesis);
    const attention = origins.map((origin) => Array.from(this.#read(origin)));
    // the last piece may leave a character that is not whole
    const text = this.#side.vocabulary.tokenizer ? this.#side.vocabulary.decode(indices) : this.#joined(tokens);
    return { text, tokens, logProbability, score, attention };
  }

  /** What a step's row read of each place of its source. */
  #read({ step, row }: Hypothesis["origins"][number]): Float32Array {
    return this.#attention[step]?.[row] as Float32Array;
  }

  /** The tokens of an answer, of pieces what each adds to the text. */
  #tokensOf(source: number, { tokens, origins }: Hypothesis): string[] {
    const { vocabulary } = this.#side;
    if (!vocabulary.tokenizer) {
      return origins.map((origin, place) => this.#tokenText(source, tokens[place] as number, this.#read(origin)));
    }
    const writer = vocabulary.writer();
    return tokens.map((token) => writer.write(token));
  }

  /** Tokens as a text: pieces and characters as they are, words with what stands between them. */
  #joined(tokens: readonly string[]): string {
    const { vocabulary } = this.#side;
    let text = "";
    for (const [place, token] of tokens.entries()) text += vocabulary.between(tokens[place - 1], token) + token;
    return text;
  }

  /** What a token is, or, where it is unknown, what stands at the place that was read most. */
  #tokenText(source: number, token: number, attention: ArrayLike<number>): string {
    const { symbols } = this.#side.vocabulary;
    const copied = this.#asked.copied?.[source];
    if (token !== 0 || !copied) return symbols[token] as string;
    let most = 0;
    for (let place = 1; place < copied.length; place++) {
      if ((attention[place] as number) > (attention[most] as number)) most = place;
    }
    return copied[most] ?? (symbols[0] as string);
  }
}

/** Writes the answer to one source token by token, the likeliest each time, piece by piece as it is decided. */
export async function* streamedAnswer(
  network: EncoderDecoder,
  side: TextSide,
  asked: Asked,
  options: ResolvedAnswering,
): AsyncGenerator<string, void, undefined> {
  const search = new AnswerSearch(network, side, asked, options);
  const turns = new Turns();
  let written = "";
  for (let isDone = false; !isDone; ) {
    options.signal?.throwIfAborted();
    await turns.giveWay();
    isDone = search.advance();
    const now = isDone ? (search.answers[0]?.[0]?.text ?? "") : search.textSoFar(0);
    if (now.length > written.length) yield now.slice(written.length);
    written = now;
  }
}

/** The likeliest answer to one source, token by token, without giving way to other work. */
export function answerAtOnce(network: EncoderDecoder, side: TextSide, asked: Asked): string {
  const search = new AnswerSearch(network, side, asked, resolveAnswering("answer", { beam: 1 }));
  while (!search.advance());
  return search.answers[0]?.[0]?.text ?? "";
}

/** Writes the answers to some sources at once, and gives way to other work meanwhile. */
export async function writtenAnswers(
  network: EncoderDecoder,
  side: TextSide,
  asked: Asked,
  options: ResolvedAnswering,
): Promise<Answer[][]> {
  const search = new AnswerSearch(network, side, asked, options);
  const turns = new Turns();
  do {
    options.signal?.throwIfAborted();
    await turns.giveWay();
  } while (!search.advance());
  return search.answers;
}
