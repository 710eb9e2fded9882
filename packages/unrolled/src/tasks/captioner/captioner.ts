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
import type { TextMetrics } from "../writing/text-metrics.js";
import { type CaptionerExample, type CaptionerInput, checkedExamples, FORMS_OF_EXAMPLES } from "./examples.js";
import { regionWidth } from "./image-encoder.js";
import { type CaptionerOptions, checkOptions } from "./options.js";
import type { CaptionerParts, CaptionerTrainedWith } from "./parts.js";
import type { Captioning } from "./progress.js";
import { readCaptioner, writeCaptioner } from "./stored.js";
import { type BegunParts, trainCaptioner } from "./train.js";

/** What was written about an input. */
export interface Caption extends Answer {
  /** The next best answers, where more than one was asked for. */
  readonly alternatives: readonly Answer[];
  /** What `attention` is of: place p of a picture are its columns of pixels from p·regionWidth to before (p + 1)·regionWidth; of a sentence its tokens, and its end. 1 for other inputs than pictures. */
  readonly regionWidth: number;
}

/** How well a captioner does on examples. */
export type CaptionerMetrics = WriterMetrics;

/** A recurrent network that has learned to write texts about pictures, vectors, labels or sentences. */
export class Captioner implements Captioning {
  /** What `loadModel` tells models apart by. */
  readonly task = "captioner";
  /** Encoder, bridge, and a decoder with attention: an input and the indices of a text → logits of the text's next. */
  readonly network: EncoderDecoder;
  /** The options that it was made and trained with, defaults filled in. */
  readonly trainedWith: CaptionerTrainedWith;
  /** What training went through, epoch by epoch. */
  readonly history: TrainingHistory;
  readonly #source: CaptionerParts["source"];
  readonly #target: CaptionerParts["target"];
  readonly #writer: AnswerWriter;

  /** @internal */
  constructor({ network, source, target, trainedWith, history }: CaptionerParts) {
    this.network = network;
    this.trainedWith = trainedWith;
    this.history = history;
    this.#source = source;
    this.#target = target;
    const mostTokens = () => 2 * trainedWith.longestText + 10;
    this.#writer = new AnswerWriter({ network, sides: { source, target }, mostTokens });
  }

  /**
   * Trains on pictures of one height, vectors of one length, labels or sentences, each with a text: an array, or a function that gives them anew each epoch, for data that
   * is larger than memory. Tokens, and how numbers are scaled, come from the part that is trained on. An input may come with several texts, each an
   * example of its own; then give `validation` apart, lest it be split between both.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where there are too few examples, or one is none; `UNROLLED_VALUE` for an option that is unknown
   * or out of range; `UNROLLED_NOT_FINITE` where training breaks down.
   *
   * @example
   * const captioner = await Captioner.train([{ image: { height: 28, width: 56, data }, text: "four two" }, …], { seed: 7 });
   * (await captioner.predict({ height: 28, width: 84, data })).text;      // "seven one nine"
   */
  static async train(examples: Data<CaptionerExample>, options: CaptionerOptions = {}): Promise<Captioner> {
    checkData("Captioner.train", examples, FORMS_OF_EXAMPLES);
    if (options.worker) {
      checkOptions(options);
      return await Captioner.load(await trainInWorker("captioner", examples, options));
    }
    const begin = (parts: BegunParts) => new Captioner({ ...parts, history: nothingYet });
    return new Captioner(await trainCaptioner(examples, options, begin));
  }

  /**
   * Loads a model that was saved. Runs no code from it.
   *
   * @throws {UnrolledError} `UNROLLED_FILE` where a file is missing, damaged or of a newer format; `UNROLLED_STATE_DICT` where its weights
   * don't fit its architecture.
   */
  static async load(store: ModelStore | Map<string, Uint8Array>): Promise<Captioner> {
    return new Captioner(await readCaptioner(asStore(store)));
  }

  /** How many numbers were trained. */
  get parameterCount(): number {
    return this.network.parameterCount;
  }

  /**
   * Writes about an input, or several: an array of numbers is one vector, an array of anything else several inputs. What is written about one doesn't depend on
   * the others. A text has at most twice as many tokens as the longest that was trained on, and 10, where `maxLength` isn't given.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where an input is none that the model reads, `UNROLLED_VALUE` for an option that is unknown or out of
   * range.
   */
  predict(input: CaptionerInput, options?: AnswerOptions): Promise<Caption>;
  predict(inputs: readonly CaptionerInput[], options?: AnswerOptions): Promise<Caption[]>;
  async predict(given: CaptionerInput | readonly CaptionerInput[], options: AnswerOptions = {}): Promise<Caption | Caption[]> {
    const where = "Captioner.predict";
    const answering = resolveAnswering(where, options);
    const isMany = Array.isArray(given) && typeof given[0] !== "number";
    const inputs: readonly CaptionerInput[] = isMany ? given : [given as CaptionerInput];
    const read = inputs.map((input, index) => this.#source.encode(inputs.length > 1 ? `${where}: input ${index}` : where, input));
    const { image } = this.trainedWith;
    const captions = (await this.#writer.answers(read, answering)).map(([best, ...alternatives]): Caption => {
      return { ...(best as Answer), alternatives, regionWidth: image ? regionWidth(image) : 1 };
    });
    return isMany ? captions : (captions[0] as Caption);
  }

  /**
   * Writes about an input token by token, the likeliest each time, as each is decided.
   *
   * @param options as of `predict`, but for those of a search: a beam decides nothing before its end, so there is none
   * @throws {UnrolledError} as `predict`; the signal's reason where it ends the work.
   *
   * @example for await (const piece of captioner.stream(image)) process.stdout.write(piece);
   */
  async *stream(input: CaptionerInput, options: StreamedAnswerOptions = {}): AsyncGenerator<string, void, undefined> {
    const where = "Captioner.stream";
    const answering = resolveStreaming(where, options);
    yield* this.#writer.stream(this.#source.encode(where, input), answering);
  }

  /** The likeliest text about an input, token by token, at once: for a look while it is trained. */
  answer(input: CaptionerInput): string {
    return this.#writer.answerAtOnce(this.#source.encode("Captioner.answer", input));
  }

  /**
   * Measures how well the model does on examples. An input that comes with several texts counts once for each.
   *
   * @param options as of `predict`
   * @throws {UnrolledError} `UNROLLED_DATA` where there are no examples, or one is none; `UNROLLED_VALUE` as `predict`.
   */
  async evaluate(examples: Data<CaptionerExample>, options: AnswerOptions = {}): Promise<CaptionerMetrics> {
    const where = "Captioner.evaluate";
    checkData(where, examples, FORMS_OF_EXAMPLES);
    return await this.#writer.evaluate(where, this.#read(where, examples), resolveAnswering(where, options));
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
   * Saves the model: `config.json`, the texts' vocabulary, `model.safetensors`, `history.jsonl` and a `README.md`, all or none.
   *
   * @param store a folder (`folder` of `unrolled/node`), another store, or a map that is filled
   */
  async save(store: ModelStore | Map<string, Uint8Array>): Promise<void> {
    const { network, trainedWith, history } = this;
    await writeCaptioner(asStore(store), { network, source: this.#source, target: this.#target, trainedWith, history });
  }

  async *#read(where: string, examples: Data<CaptionerExample>) {
    for await (const { where: at, input, text } of checkedExamples(where, examples, { expected: this.#source.name })) {
      yield { input: this.#source.encode(at, input), text };
    }
  }
}
