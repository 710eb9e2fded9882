import { codePointsOf, textOf } from "../../data/text/characters.js";
import { type ContiguousBatch, contiguousBatches } from "../../data/text/contiguous-batches.js";
import type { TokenUnit } from "../../data/text/tokenizer.js";
import { nameOf, Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import { asStore, type ModelStore } from "../../files/store.js";
import type { Sequential } from "../../layers/sequential.js";
import type { Batch } from "../../training/batch.js";
import { evaluateLoss } from "../../training/evaluate-loss.js";
import { type FitOptions, fit } from "../../training/fit.js";
import type { TrainingHistory } from "../../training/history.js";
import { crossEntropy } from "../../training/losses/cross-entropy.js";
import { adam } from "../../training/optimizers/adam.js";
import { Turns } from "../../training/turns.js";
import { Checkpoints, contentName, type FoundCheckpoint, newestCheckpoint, type TrainingIdentity } from "../checkpoints.js";
import { languageModelNetwork } from "./network.js";
import { type LanguageModelOptions, type ResolvedOptions, resolveOptions } from "./options.js";
import type { LanguageModelParts, TrainedWith } from "./parts.js";
import { progressOf } from "./progress.js";
import { type GenerateOptions, Sampler, type Writer } from "./sampling.js";
import { splitCodePoints } from "./split.js";
import { readLanguageModel, writeLanguageModel } from "./stored.js";
import { LanguageModelStream } from "./stream.js";

/** How well a model predicts a text. */
export interface LanguageModelMetrics {
  /** Nats per token: per character, or per word. */
  loss: number;
  /** e to the loss: among how many equally likely tokens the model is undecided. */
  perplexity: number;
  /** Tokens predicted: all but the first. */
  tokens: number;
  /** Tokens of the text that the model doesn't know. */
  unknown: number;
  /** The loss in bits, loss / ln 2; of models of characters alone. */
  bitsPerCharacter?: number;
}

/** Steps of a text at once in evaluation: how much memory it takes, and nothing else, since states are carried on. */
const EVALUATION_STEPS = 500;

/** A recurrent network that has learned a text token by token, characters or words, and can go on with one. */
export class LanguageModel implements Writer {
  /** What `loadModel` tells models apart by. */
  readonly task = "language-model";
  /** Embedding, recurrent layers, dense: indices of tokens → logits of the next. */
  readonly network: Sequential;
  /** The characters, or words, that it knows. */
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
   * Trains on a text. The vocabulary are the characters (or words) of the part that is trained on; others count as one unknown token.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where the text is no string or too short for one sequence, `UNROLLED_VALUE` for an option
   * that is unknown or out of range, `UNROLLED_NOT_FINITE` where training breaks down.
   */
  static async train(text: string, options: LanguageModelOptions = {}): Promise<LanguageModel> {
    if (typeof text !== "string") {
      throw new UnrolledError("UNROLLED_DATA", `LanguageModel.train: the text must be a string, received ${typeof text}.`);
    }
    const resolved = resolveOptions(options);
    const store = resolved.checkpoints && asStore(resolved.checkpoints);
    const release = await store?.hold?.();
    try {
      const found = store && resolved.resume ? await newestCheckpoint(store, resolved.onNotice ?? (() => undefined)) : undefined;
      const seed = options.seed === undefined && found ? Number(found.identity.seed) : resolved.seed;
      return await trainModel(text, { ...resolved, seed }, store, found);
    } finally {
      await release?.();
    }
  }

  /** @internal Trains a model in place, and notes what it went through. */
  async fit(batches: readonly Batch[], options: FitOptions): Promise<this> {
    this.#history = await fit(this.network, batches, options);
    return this;
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
    return {
      loss,
      perplexity: Math.exp(loss),
      tokens: indices.length - 1,
      unknown: indices.reduce((count, index) => count + (index === 0 ? 1 : 0), 0),
      ...(tokens === "char" ? { bitsPerCharacter: loss / Math.LN2 } : {}),
    };
  }

  /**
   * Writes on after a prompt, token by token. An empty prompt begins after a line break. A word of the prompt that the model doesn't know
   * is read as unknown; nothing unknown is written.
   *
   * @yields the characters after the prompt, or each word with the space before it, where there is one
   * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range, and for a character of the prompt that a model
   * of characters doesn't know.
   */
  async *generate(prompt: string, options: GenerateOptions = {}): AsyncGenerator<string, void, undefined> {
    const turns = new Turns();
    for (const piece of this.#pieces(prompt, options)) {
      yield piece;
      await turns.giveWay();
    }
  }

  /** What `generate` gives, at once. */
  sample(prompt: string, options: GenerateOptions = {}): string {
    return [...this.#pieces(prompt, options)].join("");
  }

  /** Reads a text one token at a time, and tells after each what may come next. */
  stream(): LanguageModelStream {
    return new LanguageModelStream(this.network.stream(), this.vocabulary);
  }

  /**
   * Saves the model: `config.json`, `vocabulary.json`, `model.safetensors`, `history.jsonl` and a `README.md`, all or none.
   *
   * @param store a folder (`folder` of `unrolled/node`), another store, or a map that is filled
   */
  async save(store: ModelStore | Map<string, Uint8Array>): Promise<void> {
    await writeLanguageModel(asStore(store), this);
  }

  *#pieces(prompt: string, options: GenerateOptions): Generator<string, void, undefined> {
    const sampler = new Sampler(options);
    const stream = this.network.stream();
    let logits = new Float32Array(this.vocabulary.size);
    for (const index of this.#promptIndices(prompt)) stream.step(index, logits);
    let before = /\s$/u.test(prompt) ? undefined : this.vocabulary.split(prompt).at(-1);
    for (let count = 0; count < sampler.length && !options.signal?.aborted; count++) {
      const index = sampler.draw(logits);
      const token = this.vocabulary.symbols[index] as string;
      yield this.vocabulary.between(before, token) + token;
      before = token;
      if (count + 1 < sampler.length) logits = stream.step(index, logits);
    }
  }

  #promptIndices(prompt: string): Int32Array {
    const indices = this.vocabulary.encode(prompt);
    if (indices.length === 0) {
      const lineBreak = this.vocabulary.encode("\n");
      return lineBreak[0] === 0 ? Int32Array.of(1) : lineBreak;
    }
    const unknown = this.vocabulary.tokens === "word" ? -1 : indices.indexOf(0);
    if (unknown < 0) return indices;
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `generate: character ${unknown + 1} of the prompt, ${JSON.stringify([...prompt][unknown])}, is not among the ` +
        `${this.vocabulary.size - 1} that the model knows; leave it out.`,
    );
  }
}

function trainModel(
  text: string,
  options: ResolvedOptions,
  store: ModelStore | undefined,
  resumeFrom: FoundCheckpoint | undefined,
): Promise<LanguageModel> {
  const { vocabulary, train, validation } = encodedParts(text, options);
  const batches = contiguousBatches(train, options);
  const { cell, units, layers, embeddingUnits, dropout, tieEmbeddings, batchSize, sequenceLength, learningRate, clipNorm } =
    options;
  const { tokens, splitPunctuation, minimumCount, vocabularySize, seed } = options;
  const optimizer = options.optimizer ?? adam({ learningRate });
  const trainedWith: TrainedWith = {
    ...{ cell, units, layers, embeddingUnits, dropout, tieEmbeddings },
    ...{ tokens, splitPunctuation, minimumCount, ...(vocabularySize === undefined ? {} : { vocabularySize }) },
    ...{ batchSize, sequenceLength, optimizer: optimizer.name, learningRate, clipNorm, seed },
    trainTokens: train.length,
    validationTokens: validation.length,
  };
  const network = languageModelNetwork(options, vocabulary.size, seed);
  const model = new LanguageModel({ network, vocabulary, trainedWith, history: EMPTY_HISTORY });
  const checkpoints = store && new Checkpoints(store, identityOf(trainedWith, vocabulary, [train, validation]), resumeFrom);
  const tokensPerStep = batches[0]?.x.size ?? 0;
  return model.fit(batches, {
    loss: crossEntropy(),
    optimizer,
    clipNorm,
    validation: evaluationBatches(validation, tokens),
    ...present(options, ["schedule", "epochs", "steps", "validateEvery", "checkpointEvery", "signal"]),
    ...(checkpoints ? { onCheckpoint: (checkpoint) => checkpoints.save(checkpoint) } : {}),
    ...(resumeFrom ? { resumeFrom } : {}),
    onProgress: (progress) => options.onProgress?.(progressOf(progress, tokens, tokensPerStep, model)),
  });
}

const EMPTY_HISTORY: TrainingHistory = { epochs: [], steps: 0, skippedSteps: 0, seconds: 0, interrupted: false };

interface EncodedParts {
  readonly vocabulary: Vocabulary;
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

function encodedParts(text: string, options: ResolvedOptions): EncodedParts {
  const { tokens, splitPunctuation, minimumCount, vocabularySize, sequenceLength } = options;
  const parts = partsOf(text, options);
  const name = nameOf(tokens);
  const size = vocabularySize === undefined ? {} : { size: vocabularySize };
  const of = (points: Int32Array) => (tokens === "char" ? points : textOf(points));
  const enough = (length: number) => {
    if (length > sequenceLength) return;
    throw new UnrolledError(
      "UNROLLED_DATA",
      `LanguageModel.train: the text to train on must be longer than one sequence of ${sequenceLength} ${name}s, received ` +
        `${length}; give more text, or set sequenceLength.`,
    );
  };
  // words are no more than characters
  enough(parts.train.length);
  const vocabulary = Vocabulary.of(of(parts.train), { tokens, splitPunctuation, minimumCount, ...size });
  const train = vocabulary.encode(of(parts.train));
  enough(train.length);
  const validation = vocabulary.encode(of(parts.validation));
  if (validation.length < 2) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `LanguageModel.train: the text to validate on must have at least 2 ${name}s, received ${validation.length}.`,
    );
  }
  return { vocabulary, train, validation };
}

function partsOf(text: string, { validation, tokens }: ResolvedOptions): { train: Int32Array; validation: Int32Array } {
  const points = codePointsOf(text);
  if (typeof validation === "string") return { train: points, validation: codePointsOf(validation) };
  return splitCodePoints(points, validation, tokens);
}

/** One stream. */
function evaluationBatches(indices: Int32Array, tokens: TokenUnit): ContiguousBatch[] {
  if (indices.length < 2) {
    throw new UnrolledError("UNROLLED_DATA", `text: at least 2 ${nameOf(tokens)}s are needed, received ${indices.length}.`);
  }
  return contiguousBatches(indices, { batchSize: 1, sequenceLength: EVALUATION_STEPS });
}

/** What decides the bits besides the position: the text and the options. */
function identityOf(trainedWith: TrainedWith, { symbols }: Vocabulary, parts: readonly Int32Array[]): TrainingIdentity {
  const entries = Object.entries(trainedWith).map(([name, value]) => [name, String(value)]);
  const known = codePointsOf(symbols.join("\n"));
  return { task: "language-model", ...Object.fromEntries(entries), text: contentName([known, ...parts]) };
}

function present<O extends object, K extends keyof O>(options: O, names: readonly K[]): { [N in K]?: Exclude<O[N], undefined> } {
  const given = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(given) as { [N in K]?: Exclude<O[N], undefined> };
}
