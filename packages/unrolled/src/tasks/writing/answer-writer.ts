import { inGroups } from "../../data/batching.js";
import { UnrolledError } from "../../errors.js";
import type { EncoderDecoder } from "../../layers/encoder-decoder.js";
import { evaluateLoss } from "../../training/evaluate-loss.js";
import { crossEntropy } from "../../training/losses/cross-entropy.js";
import { byLength } from "../example-batches.js";
import { type Answer, type Asked, answerAtOnce, type ResolvedAnswering, streamedAnswer, writtenAnswers } from "./answers.js";
import { type WriterSides, writerBatches } from "./examples.js";
import type { EncodedInput } from "./source-side.js";
import { type TextMetrics, textMetrics } from "./text-metrics.js";

/** Inputs that are read side by side. */
const READING_BATCH = 64;
/** Examples that are evaluated at a time. */
const EXAMPLES_AT_ONCE = 1024;

/** How well a network writes. */
export interface WriterMetrics extends TextMetrics {
  /** Nats per token of the right texts, their ends counted. */
  loss: number;
  /** e to the loss. */
  perplexity: number;
  /** Tokens of the right texts, ends counted. */
  tokens: number;
}

/** What an answer writer consists of. */
export interface AnswerWriterParts {
  readonly network: EncoderDecoder;
  /** Of whatever inputs: they come encoded. */
  readonly sides: WriterSides<never>;
  /** How many tokens the answer to an input has at most, where nothing else is asked for. */
  mostTokens(input: EncodedInput): number;
}

/** What a trained network writes about inputs, and how well. */
export class AnswerWriter {
  readonly #network: EncoderDecoder;
  readonly #sides: WriterSides<never>;
  readonly #mostTokens: AnswerWriterParts["mostTokens"];

  constructor({ network, sides, mostTokens }: AnswerWriterParts) {
    this.#network = network;
    this.#sides = sides;
    this.#mostTokens = mostTokens;
  }

  /** For each input its best answers, the best first. What is written about one doesn't depend on the others. */
  async answers(inputs: readonly EncodedInput[], answering: ResolvedAnswering): Promise<Answer[][]> {
    const all = Array<Answer[]>(inputs.length);
    const making = {
      batchSize: READING_BATCH,
      lengthOf: ({ width }: EncodedInput) => width,
      batchOf: (some: readonly EncodedInput[]) => some,
    };
    for (const { places, batch } of byLength(inputs, making)) {
      const asked = this.#asked(batch, answering.maxLength);
      const answers = await writtenAnswers(this.#network, this.#sides.target, asked, answering);
      for (const [at, own] of answers.entries()) all[places[at] as number] = own;
    }
    return all;
  }

  /** The answer to an input token by token, the likeliest each time, as each is decided. */
  stream(input: EncodedInput, answering: ResolvedAnswering): AsyncGenerator<string, void, undefined> {
    return streamedAnswer(this.#network, this.#sides.target, this.#asked([input], answering.maxLength), answering);
  }

  /** The same at once. */
  answerAtOnce(input: EncodedInput): string {
    return answerAtOnce(this.#network, this.#sides.target, this.#asked([input], undefined));
  }

  /** @throws {UnrolledError} `UNROLLED_DATA` where there are no examples. */
  async evaluate(
    where: string,
    examples: AsyncIterable<{ readonly input: EncodedInput; readonly text: string }>,
    answering: ResolvedAnswering,
  ): Promise<WriterMetrics> {
    const { target } = this.#sides;
    const answers: string[] = [];
    const references: string[] = [];
    let [loss, tokens] = [0, 0];
    for await (const group of inGroups(examples, EXAMPLES_AT_ONCE)) {
      const encoded = group.map(({ input, text }) => ({ input, target: target.encode(text) }));
      for (const { batch } of byLength(encoded, { ...writerBatches(this.#sides), batchSize: READING_BATCH })) {
        const count = Array.from(batch.lengths ?? []).reduce((sum, length) => sum + length, 0);
        loss += count * (await evaluateLoss(this.#network, [batch], crossEntropy()));
        tokens += count;
      }
      const inputs = group.map(({ input }) => input);
      answers.push(...(await this.answers(inputs, answering)).map(([best]) => (best as Answer).text));
      references.push(...group.map(({ text }) => text));
    }
    if (tokens === 0) throw new UnrolledError("UNROLLED_DATA", `${where}: expected at least one example, received none.`);
    return {
      ...{ loss: loss / tokens, perplexity: Math.exp(loss / tokens), tokens },
      ...this.measure(answers, references),
    };
  }

  /** @throws {UnrolledError} `UNROLLED_DATA` where there are not as many references as answers, or none at all. */
  measure(answers: readonly string[], references: readonly string[]): TextMetrics {
    return textMetrics(answers, references, this.#sides.target);
  }

  #asked(inputs: readonly EncodedInput[], maxLength: number | undefined): Asked {
    const copied = inputs.flatMap((input) => (input.copied ? [input.copied] : []));
    return {
      source: this.#sides.source.sourceOf(inputs),
      maxLengths: inputs.map((input) => maxLength ?? this.#mostTokens(input)),
      ...(copied.length > 0 ? { copied } : {}),
    };
  }
}
