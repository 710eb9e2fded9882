import { charactersPerToken } from "../../data/text/characters-per-token.js";
import type { Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import { asStore, type ModelStore } from "../../files/store.js";
import type { Sequential } from "../../layers/sequential.js";
import { evaluateLoss } from "../../training/evaluate-loss.js";
import type { TrainingHistory } from "../../training/history.js";
import { crossEntropy } from "../../training/losses/cross-entropy.js";
import { Turns } from "../../training/turns.js";
import { trainInWorker } from "../worker/train-in-worker.js";
import { continuation } from "./continuation.js";
import { evaluationBatches } from "./evaluation-batches.js";
import { type LanguageModelOptions, resolveOptions } from "./options.js";
import type { LanguageModelParts, TrainedWith } from "./parts.js";
import type { LanguageModelProgress } from "./progress.js";
import type { GenerateOptions, Writer } from "./sampling.js";
import { readLanguageModel, writeLanguageModel } from "./stored.js";
import { LanguageModelStream } from "./stream.js";
import { type BegunParts, trainLanguageModel } from "./train.js";

/** How well a model predicts a text. */
export interface LanguageModelMetrics {
  /** Nats per token: per character, word or piece. */
  loss: number;
  /** e to the loss: among how many equally likely tokens the model is undecided. */
  perplexity: number;
  /** Tokens predicted: all but the first. */
  tokens: number;
  /** Tokens of the text that the model doesn't know. */
  unknown: number;
  /**
   * The loss in bits per character: loss / ln 2 of a model of characters; of pieces divided by how many characters one has. Not of words, which don't
   * tell where a text has spaces.
   */
  bitsPerCharacter?: number;
}

/** A recurrent network that has learned a text token by token, characters, words or pieces, and can go on with one. */
export class LanguageModel implements Writer {
  /** What `loadModel` tells models apart by. */
  readonly task = "language-model";
  /** Embedding, recurrent layers, dense: indices of tokens → logits of the next. */
  readonly network: Sequential;
  /** The characters, words or pieces that it knows. */
  readonly vocabulary: Vocabulary;
  /** The options that it was made and trained with, defaults filled in. */
  readonly trainedWith: TrainedWith;
  #history: TrainingHistory;

  /** @internal */
  constructor({ network, vocabulary, trainedWith, history }: LanguageModelParts) {
    this.network = network;
    this.vocabulary = vocabulary;
    this.trainedWith = trainedWith;
    this.#history = history;
  }

  /**
   * Trains on a text. The vocabulary are the characters (or words) of the part that is trained on; others count as one unknown token. Pieces are learned from that
   * part and tell every text.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where the text is no string or too short for one sequence, `UNROLLED_VALUE` for an option
   * that is unknown or out of range, `UNROLLED_NOT_FINITE` where training breaks down.
   */
  static async train(text: string, options: LanguageModelOptions = {}): Promise<LanguageModel> {
    if (typeof text !== "string") {
      throw new UnrolledError("UNROLLED_DATA", `LanguageModel.train: the text must be a string, received ${typeof text}.`);
    }
    if (options.worker) return await LanguageModel.load(await trainElsewhere(text, options));
    const begin = (parts: BegunParts) => new LanguageModel({ ...parts, history: EMPTY_HISTORY });
    const { model, history } = await trainLanguageModel(text, options, begin);
    return model.#trained(history);
  }

  /**
   * Loads a model that was saved. Runs no code from it.
   *
   * @throws {UnrolledError} `UNROLLED_FILE` where a file is missing, damaged or of a newer format; `UNROLLED_STATE_DICT` where its weights
   * don't fit its architecture.
   */
  static async load(store: ModelStore | Map<string, Uint8Array>): Promise<LanguageModel> {
    return new LanguageModel(await readLanguageModel(asStore(store)));
  }

  #trained(history: TrainingHistory): this {
    this.#history = history;
    return this;
  }

  /** What training went through, epoch by epoch. */
  get history(): TrainingHistory {
    return this.#history;
  }

  /** How many numbers were trained. */
  get parameterCount(): number {
    return this.network.parameterCount;
  }

  /**
   * Measures how well the model predicts a text: one stream from its beginning to its end, every token but the first being predicted from
   * all before it.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where the text has fewer than two tokens.
   */
  async evaluate(text: string): Promise<LanguageModelMetrics> {
    const indices = this.vocabulary.encode(text);
    const { tokens } = this.vocabulary;
    const loss = await evaluateLoss(this.network, evaluationBatches(indices, tokens), crossEntropy());
    const characters = charactersPerToken(this.vocabulary, text);
    return {
      loss,
      perplexity: Math.exp(loss),
      tokens: indices.length - 1,
      unknown: indices.reduce((count, index) => count + (index === 0 ? 1 : 0), 0),
      ...(characters === undefined ? {} : { bitsPerCharacter: loss / Math.LN2 / characters }),
    };
  }

  /**
   * Writes on after a prompt, token by token. An empty prompt begins after a line break. A word of the prompt that the model doesn't know
   * is read as unknown; nothing unknown is written.
   *
   * @yields the characters after the prompt, each word with the space before it, where there is one, or what each piece adds to the text: never a
   * part of a character, and nothing for a piece that only begins one
   * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range, and for a character of the prompt that a model
   * of characters doesn't know.
   */
  async *generate(prompt: string, options: GenerateOptions = {}): AsyncGenerator<string, void, undefined> {
    const turns = new Turns();
    for (const piece of continuation(this, prompt, options)) {
      yield piece;
      await turns.giveWay();
    }
  }

  /** What `generate` gives, at once. */
  sample(prompt: string, options: GenerateOptions = {}): string {
    return [...continuation(this, prompt, options)].join("");
  }

  /** Reads a text one token at a time, and tells after each what may come next. */
  stream(): LanguageModelStream {
    return new LanguageModelStream(this.network.stream(), this.vocabulary);
  }

  /**
   * Saves the model: `config.json`, `vocabulary.json` (of pieces `tokenizer.json`), `model.safetensors`, `history.jsonl` and a `README.md`, all or none.
   *
   * @param store a folder (`folder` of `unrolled/node`), another store, or a map that is filled
   */
  async save(store: ModelStore | Map<string, Uint8Array>): Promise<void> {
    await writeLanguageModel(asStore(store), this);
  }
}

function trainElsewhere(text: string, options: LanguageModelOptions): Promise<ModelStore> {
  resolveOptions(options);
  const { onProgress } = options;
  const withModel = onProgress && ((progress: LanguageModelProgress) => onProgress({ ...progress, model: elsewhere }));
  return trainInWorker("language-model", text, { ...options, ...(withModel && { onProgress: withModel }) });
}

/** The model while it trains in a worker. */
const elsewhere: Writer = {
  sample() {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      "LanguageModel.train: a model that trains in a worker can't be asked for a sample meanwhile; ask the one that `train` resolves to, " +
        "or leave `worker` out.",
    );
  },
};

const EMPTY_HISTORY: TrainingHistory = { epochs: [], steps: 0, skippedSteps: 0, seconds: 0, interrupted: false };
