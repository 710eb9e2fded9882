import type { Data } from "../../data/data.js";
import { asStore, type ModelStore } from "../../files/store.js";
import type { EncoderDecoder } from "../../layers/encoder-decoder.js";
import { nothingYet, type TrainingHistory } from "../../training/history.js";
import { checkData } from "../check-data.js";
import { trainInWorker } from "../worker/train-in-worker.js";
import { AnswerWriter, type WriterMetrics } from "../writing/answer-writer.js";
import {
  type Answer,
  type AnswerOptions,
  resolveAnswering,
  resolveStreaming,
  type StreamedAnswerOptions,
} from "../writing/answers.js";
import { checkText } from "../writing/check-text.js";
import type { EncodedInput } from "../writing/source-side.js";
import type { TextMetrics } from "../writing/text-metrics.js";
import { checkedExamples, FORM_OF_EXAMPLES, type TranslatorExample } from "./examples.js";
import { checkOptions, type TranslatorOptions } from "./options.js";
import type { TranslatorParts, TranslatorTrainedWith } from "./parts.js";
import type { Answering } from "./progress.js";
import { readTranslator, writeTranslator } from "./stored.js";
import { type BegunParts, trainTranslator } from "./train.js";

/** What a text became. */
export interface Translation extends Answer {
  /** What `attention` is of: the tokens of the source, and its end. */
  readonly sourceTokens: readonly string[];
  /** The next best answers, where more than one was asked for. */
  readonly alternatives: readonly Answer[];
}

/** How well a translator does on examples. */
export interface TranslatorMetrics extends WriterMetrics {
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
  readonly #writer: AnswerWriter;

  /** @internal */
  constructor({ network, source, target, trainedWith, history }: TranslatorParts) {
    this.network = network;
    this.trainedWith = trainedWith;
    this.history = history;
    this.#source = source;
    this.#target = target;
    const mostTokens = ({ width }: EncodedInput) => Math.max(2 * width, trainedWith.longestText) + 10;
    this.#writer = new AnswerWriter({ network, sides: { source, target }, mostTokens });
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
    checkData("Translator.train", examples, FORM_OF_EXAMPLES);
    if (options.worker) {
      checkOptions(options);
      return await Translator.load(await trainInWorker("translator", examples, options));
    }
    const begin = (parts: BegunParts) => new Translator({ ...parts, history: nothingYet });
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
    const read = texts.map((text, index) => {
      checkText(`Translator.predict: ${texts.length > 1 ? `text ${index}` : "the text"}`, text);
      return this.#read(text);
    });
    const translations = (await this.#writer.answers(read, answering)).map(([best, ...alternatives], place): Translation => {
      const sourceTokens = [...this.#source.side.split(texts[place] as string), ""];
      return { ...(best as Answer), sourceTokens, alternatives };
    });
    return isMany ? translations : (translations[0] as Translation);
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
    yield* this.#writer.stream(this.#read(text), answering);
  }

  /** The likeliest answer to a text, token by token, at once: for a look while it is trained. */
  answer(source: string): string {
    return this.#writer.answerAtOnce(this.#read(source));
  }

  /**
   * Measures how well the model does on examples.
   *
   * @param options as of `predict`
   * @throws {UnrolledError} `UNROLLED_DATA` where there are no examples, or one is none; `UNROLLED_VALUE` as `predict`.
   */
  async evaluate(examples: Data<TranslatorExample>, options: AnswerOptions = {}): Promise<TranslatorMetrics> {
    const where = "Translator.evaluate";
    checkData(where, examples, FORM_OF_EXAMPLES);
    const count = { unknown: 0 };
    const metrics = await this.#writer.evaluate(where, this.#readAll(where, examples, count), resolveAnswering(where, options));
    return { ...metrics, ...count };
  }

  /**
   * Measures texts from elsewhere, those of a baseline, say, as `evaluate` does the model's own: in lower case where it writes no other, and by its kind of
   * tokens.
   *
   * @param references the right text for each
   * @throws {UnrolledError} `UNROLLED_DATA` where there are not as many references as answers, or none at all.
   */
  measure(answers: readonly string[], references: readonly string[]): TextMetrics {
    return this.#writer.measure(answers, references);
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

  /** Examples, of which the tokens that the model doesn't know are counted. */
  async *#readAll(where: string, examples: Data<TranslatorExample>, count: { unknown: number }) {
    for await (const { input: source, text } of checkedExamples(where, examples)) {
      const input = this.#read(source);
      for (const index of input.values) if (index === 0) count.unknown++;
      yield { input, text };
    }
  }

  /** A text as numbers; where words are written about words, those that are read can be copied. */
  #read(text: string): EncodedInput {
    const input = this.#source.encode("Translator", text);
    const copies = this.#target.vocabulary.tokens === "word" && this.#source.side.vocabulary.tokens === "word";
    return copies ? { ...input, copied: this.#source.side.split(text) } : input;
  }
}
