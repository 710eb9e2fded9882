import { inGroups } from "../../data/batching.js";
import type { Data } from "../../data/data.js";
import { paddedIndices } from "../../data/padding.js";
import { UnrolledError } from "../../errors.js";
import { asStore, type ModelStore } from "../../files/store.js";
import type { EncoderDecoder } from "../../layers/encoder-decoder.js";
import { evaluateLoss } from "../../training/evaluate-loss.js";
import type { TrainingHistory } from "../../training/history.js";
import { crossEntropy } from "../../training/losses/cross-entropy.js";
import { byLength } from "../example-batches.js";
import { trainInWorker } from "../worker/train-in-worker.js";
import {
  type Answer,
  type AnswerOptions,
  answerAtOnce,
  resolveAnswering,
  resolveStreaming,
  type StreamedAnswerOptions,
  streamedAnswer,
  writtenAnswers,
} from "../writing/answers.js";
import { type TextMetrics, textMetrics } from "../writing/text-metrics.js";
import { checkText, type TranslatorExample } from "./examples.js";
import { checkOptions, type TranslatorOptions } from "./options.js";
import { checkedExamples, encodedPairs, pairBatches } from "./pairs.js";
import type { TranslatorParts, TranslatorTrainedWith } from "./parts.js";
import type { Answering } from "./progress.js";
import { readTranslator, writeTranslator } from "./stored.js";
import { type BegunParts, trainTranslator } from "./train.js";

/** Texts that are read side by side. */
const READING_BATCH = 64;
/** Examples that are evaluated at a time. */
const EXAMPLES_AT_ONCE = 1024;

/** What a text became. */
export interface Translation extends Answer {
  /** What `attention` is of: the tokens of the source, and its end. */
  readonly sourceTokens: readonly string[];
  /** The next best answers, where more than one was asked for. */
  readonly alternatives: readonly Answer[];
}

/** How well a translator does on examples. */
export interface TranslatorMetrics extends TextMetrics {
  /** Nats per token of the right targets, their ends counted. */
  loss: number;
  /** e to the loss. */
  perplexity: number;
  /** Tokens of the right targets, ends counted. */
  tokens: number;
  /** Tokens of the sources that the model doesn't know. */
  unknown: number;
}

/** A recurrent network that has learned to turn texts into others. */
export class Translator implements Answering {
  /** What `loadModel` tells models apart by. */
  readonly task = "translator";
  /** Encoder, bridge, and a decoder with attention: indices of both sides → logits of the target's next. */
  readonly network: EncoderDecoder;
  /** The options that it was made and trained with, defaults filled in. */
  readonly trainedWith: TranslatorTrainedWith;
  /** What training went through, epoch by epoch. */
  readonly history: TrainingHistory;
  readonly #source: TranslatorParts["source"];
  readonly #target: TranslatorParts["target"];

  /** @internal */
  constructor({ network, source, target, trainedWith, history }: TranslatorParts) {
    this.network = network;
    this.trainedWith = trainedWith;
    this.history = history;
    this.#source = source;
    this.#target = target;
  }

  /**
   * Trains on pairs of texts: an array, or a function that gives them anew each epoch, for data that is larger than memory. Tokens are those of the part that
   * is trained on. Pairs of about the same length are read side by side, in another order each epoch.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where there are too few examples, or one is none; `UNROLLED_VALUE` for an option that is unknown
   * or out of range; `UNROLLED_NOT_FINITE` where training breaks down.
   *
   * @example
   * const translator = await Translator.train([{ source: "21", target: "twenty-one" }, …], { tokens: "char", seed: 7 });
   * (await translator.predict("34")).text;      // "thirty-four"
   */
  static async train(examples: Data<TranslatorExample>, options: TranslatorOptions = {}): Promise<Translator> {
    checkData("Translator.train", examples);
    if (options.worker) {
      checkOptions(options);
      return await Translator.load(await trainInWorker("translator", examples, options));
    }
    const begin = (parts: BegunParts) => new Translator({ ...parts, history: NOTHING_YET });
    return new Translator(await trainTranslator(examples, options, begin));
  }

  /**
   * Loads a model that was saved. Runs no code from it.
   *
   * @throws {UnrolledError} `UNROLLED_FILE` where a file is missing, damaged or of a newer format; `UNROLLED_STATE_DICT` where its weights
   * don't fit its architecture.
   */
  static async load(store: ModelStore | Map<string, Uint8Array>): Promise<Translator> {
    return new Translator(await readTranslator(asStore(store)));
  }

  /** How many numbers were trained. */
  get parameterCount(): number {
    return this.network.parameterCount;
  }

  /**
   * Turns a text into another, or several. What a text becomes doesn't depend on the others.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where a text is empty, `UNROLLED_VALUE` for an option that is unknown or out of range.
   */
  predict(text: string, options?: AnswerOptions): Promise<Translation>;
  predict(texts: readonly string[], options?: AnswerOptions): Promise<Translation[]>;
  async predict(given: string | readonly string[], options: AnswerOptions = {}): Promise<Translation | Translation[]> {
    const answering = resolveAnswering("Translator.predict", options);
    const isMany = Array.isArray(given);
    const texts: readonly string[] = isMany ? given : [given as string];
    for (const [index, text] of texts.entries()) {
      checkText(isMany ? `Translator.predict: text ${index}` : "Translator.predict: the text", text);
    }
    const read = texts.map((text) => ({ text, indices: this.#source.encode(text) }));
    const making = {
      batchSize: READING_BATCH,
      lengthOf: ({ indices }: (typeof read)[number]) => indices.length,
      batchOf: (some: readonly (typeof read)[number][]) => some,
    };
    const all = Array<Translation>(texts.length);
    for (const { places, batch } of byLength(read, making)) {
      const { asked, sourceTokens } = this.#asked(batch, answering.maxLength);
      const answers = await writtenAnswers(this.network, this.#target, asked, answering);
      for (const [at, [best, ...alternatives]] of answers.entries()) {
        all[places[at] as number] = { ...(best as Answer), sourceTokens: sourceTokens[at] as string[], alternatives };
      }
    }
    return isMany ? all : (all[0] as Translation);
  }

  /**
   * Writes what a text becomes token by token, the likeliest each time, as each is decided.
   *
   * @param options as of `predict`, but for those of a search: a beam decides nothing before its end, so there is none
   * @throws {UnrolledError} as `predict`; the signal's reason where it ends the work.
   *
   * @example for await (const piece of translator.stream("Guten Morgen")) process.stdout.write(piece);
   */
  async *stream(text: string, options: StreamedAnswerOptions = {}): AsyncGenerator<string, void, undefined> {
    const answering = resolveStreaming("Translator.stream", options);
    checkText("Translator.stream: the text", text);
    const { asked } = this.#asked([{ text, indices: this.#source.encode(text) }], answering.maxLength);
    yield* streamedAnswer(this.network, this.#target, asked, answering);
  }

  /** The likeliest answer to a text, token by token, at once: for a look while it is trained. */
  answer(source: string): string {
    const { asked } = this.#asked([{ text: source, indices: this.#source.encode(source) }], undefined);
    return answerAtOnce(this.network, this.#target, asked);
  }

  /**
   * Measures how well the model does on examples.
   *
   * @param options as of `predict`
   * @throws {UnrolledError} `UNROLLED_DATA` where there are no examples, or one is none; `UNROLLED_VALUE` as `predict`.
   */
  async evaluate(examples: Data<TranslatorExample>, options: AnswerOptions = {}): Promise<TranslatorMetrics> {
    const where = "Translator.evaluate";
    checkData(where, examples);
    resolveAnswering(where, options);
    const sides = { source: this.#source, target: this.#target };
    const answers: string[] = [];
    const references: string[] = [];
    let [loss, tokens, unknown] = [0, 0, 0];
    for await (const group of inGroups(checkedExamples(where, examples), EXAMPLES_AT_ONCE)) {
      const pairs = await encodedPairs(where, group, sides);
      const inMemory = typeof pairs === "function" ? [] : pairs;
      for (const { batch } of byLength(inMemory, { ...pairBatches(sides), batchSize: READING_BATCH })) {
        const count = Array.from(batch.lengths ?? []).reduce((sum, length) => sum + length, 0);
        loss += count * (await evaluateLoss(this.network, [batch], crossEntropy()));
        tokens += count;
      }
      unknown += inMemory.reduce((sum, { source }) => sum + source.reduce((own, index) => own + (index === 0 ? 1 : 0), 0), 0);
      const written = await this.predict(
        group.map(({ source }) => source),
        options,
      );
      answers.push(...written.map(({ text }) => text));
      references.push(...group.map(({ target }) => target));
    }
    if (tokens === 0) throw new UnrolledError("UNROLLED_DATA", `${where}: expected at least one example, received none.`);
    return {
      ...{ loss: loss / tokens, perplexity: Math.exp(loss / tokens), tokens, unknown },
      ...this.measure(answers, references),
    };
  }

  /**
   * Measures texts from elsewhere, those of a baseline, say, as `evaluate` does the model's own: in lower case where it writes no other, and by its kind of
   * tokens.
   *
   * @param references the right text for each
   * @throws {UnrolledError} `UNROLLED_DATA` where there are not as many references as answers, or none at all.
   */
  measure(answers: readonly string[], references: readonly string[]): TextMetrics {
    return textMetrics(answers, references, this.#target);
  }

  /**
   * Saves the model: `config.json`, both sides' vocabularies, `model.safetensors`, `history.jsonl` and a `README.md`, all or none.
   *
   * @param store a folder (`folder` of `unrolled/node`), another store, or a map that is filled
   */
  async save(store: ModelStore | Map<string, Uint8Array>): Promise<void> {
    const { network, trainedWith, history } = this;
    await writeTranslator(asStore(store), { network, source: this.#source, target: this.#target, trainedWith, history });
  }

  #asked(texts: readonly { readonly text: string; readonly indices: Int32Array }[], maxLength: number | undefined) {
    const sourceTokens = texts.map(({ text }) => [...this.#source.split(text), ""]);
    const copies = this.#target.vocabulary.tokens === "word" && this.#source.vocabulary.tokens === "word";
    return {
      sourceTokens,
      asked: {
        source: paddedIndices(texts.map(({ indices }) => indices)),
        maxLengths: texts.map(({ indices }) => maxLength ?? Math.max(2 * indices.length, this.trainedWith.longestTarget) + 10),
        // a word can be copied, the end can't
        ...(copies ? { copied: sourceTokens.map((own) => own.slice(0, -1)) } : {}),
      },
    };
  }
}

const NOTHING_YET: TrainingHistory = { epochs: [], steps: 0, skippedSteps: 0, seconds: 0, interrupted: false };

function checkData(where: string, data: Data<TranslatorExample>): void {
  if (Array.isArray(data) || typeof data === "function") return;
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: the examples must be an array of { source, target }, or a function that gives them, received ${typeof data}.`,
  );
}
