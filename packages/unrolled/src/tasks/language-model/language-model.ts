import { codePointsOf } from "../../data/text/characters.js";
import { contiguousBatches } from "../../data/text/contiguous-batches.js";
import { Vocabulary } from "../../data/text/vocabulary.js";
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
  /** Nats per character. */
  loss: number;
  /** e to the loss: among how many equally likely characters the model is undecided. */
  perplexity: number;
  bitsPerCharacter: number;
  /** Characters predicted. */
  characters: number;
  /** Characters of the text that the model doesn't know. */
  unknown: number;
}

/** Streams are at least this long in evaluation, so that their cold start hardly shows. */
const EVALUATION_STREAM = 2000;
const EVALUATION_STREAMS = 64;
const EVALUATION_STEPS = 100;

/** A recurrent network that has learned a text character by character, and can go on with one. */
export class LanguageModel implements Writer {
  readonly task = "language-model";
  readonly network: Sequential;
  readonly vocabulary: Vocabulary;
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
   * Trains on a text. The vocabulary are the characters of the part that is trained on; others count as one unknown character.
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

  get history(): TrainingHistory {
    return this.#history;
  }

  get parameterCount(): number {
    return this.network.parameterCount;
  }

  /**
   * Measures how well the model predicts a text.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where the text has fewer than two characters.
   */
  async evaluate(text: string): Promise<LanguageModelMetrics> {
    const indices = this.vocabulary.encode(text);
    const batches = evaluationBatches(indices);
    const loss = await evaluateLoss(this.network, batches, crossEntropy());
    return {
      loss,
      perplexity: Math.exp(loss),
      bitsPerCharacter: loss / Math.LN2,
      characters: batches.reduce((count, { y }) => count + y.size, 0),
      unknown: indices.reduce((count, index) => count + (index === 0 ? 1 : 0), 0),
    };
  }

  /**
   * Writes on after a prompt, character by character. An empty prompt begins after a line break.
   *
   * @yields the characters after the prompt
   * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range, and for a character of the prompt that the model
   * doesn't know.
   */
  async *generate(prompt: string, options: GenerateOptions = {}): AsyncGenerator<string, void, undefined> {
    const turns = new Turns();
    for (const character of this.#characters(prompt, options)) {
      yield character;
      await turns.giveWay();
    }
  }

  /** The same characters as `generate` gives, at once. */
  sample(prompt: string, options: GenerateOptions = {}): string {
    return [...this.#characters(prompt, options)].join("");
  }

  /** Reads a text one character at a time, and tells after each what may come next. */
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

  *#characters(prompt: string, options: GenerateOptions): Generator<string, void, undefined> {
    const sampler = new Sampler(options);
    const stream = this.network.stream();
    let logits = new Float32Array(this.vocabulary.size);
    for (const index of this.#promptIndices(prompt)) stream.step(index, logits);
    for (let count = 0; count < sampler.length && !options.signal?.aborted; count++) {
      const index = sampler.draw(logits);
      yield this.vocabulary.symbols[index] as string;
      if (count + 1 < sampler.length) logits = stream.step(index, logits);
    }
  }

  #promptIndices(prompt: string): Int32Array {
    if (prompt === "") {
      const lineBreak = this.vocabulary.encode("\n");
      return lineBreak[0] === 0 ? Int32Array.of(1) : lineBreak;
    }
    const indices = this.vocabulary.encode(prompt);
    const unknown = indices.indexOf(0);
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
  const { train, validation } = partsOf(text, options);
  const vocabulary = Vocabulary.of(train);
  const batches = contiguousBatches(vocabulary.encode(train), options);
  const { cell, units, layers, embeddingUnits, dropout, batchSize, sequenceLength, learningRate, clipNorm, seed } = options;
  const trainedWith: TrainedWith = {
    ...{ cell, units, layers, embeddingUnits, dropout },
    ...{ batchSize, sequenceLength, learningRate, clipNorm, seed },
    trainCharacters: train.length,
    validationCharacters: validation.length,
  };
  const network = languageModelNetwork(options, vocabulary.size, seed);
  const model = new LanguageModel({ network, vocabulary, trainedWith, history: EMPTY_HISTORY });
  const checkpoints = store && new Checkpoints(store, identityOf(trainedWith, [train, validation]), resumeFrom);
  const charactersPerStep = batches[0]?.x.size ?? 0;
  return model.fit(batches, {
    loss: crossEntropy(),
    optimizer: adam({ learningRate }),
    clipNorm,
    validation: evaluationBatches(vocabulary.encode(validation)),
    ...present(options, ["epochs", "steps", "validateEvery", "checkpointEvery", "signal"]),
    ...(checkpoints ? { onCheckpoint: (checkpoint) => checkpoints.save(checkpoint) } : {}),
    ...(resumeFrom ? { resumeFrom } : {}),
    onProgress: (progress) => options.onProgress?.(progressOf(progress, charactersPerStep, model)),
  });
}

const EMPTY_HISTORY: TrainingHistory = { epochs: [], steps: 0, skippedSteps: 0, seconds: 0, interrupted: false };

function partsOf(text: string, { validation, sequenceLength }: ResolvedOptions): { train: Int32Array; validation: Int32Array } {
  const points = codePointsOf(text);
  const parts =
    typeof validation === "string"
      ? { train: points, validation: codePointsOf(validation) }
      : splitCodePoints(points, validation);
  if (parts.train.length <= sequenceLength) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `LanguageModel.train: the text to train on must be longer than one sequence of ${sequenceLength} characters, received ` +
        `${parts.train.length}; give more text, or set sequenceLength.`,
    );
  }
  if (parts.validation.length < 2) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `LanguageModel.train: the text to validate on must have at least 2 characters, received ${parts.validation.length}.`,
    );
  }
  return parts;
}

function evaluationBatches(indices: Int32Array) {
  const streams = Math.max(1, Math.min(EVALUATION_STREAMS, Math.floor(indices.length / EVALUATION_STREAM)));
  return contiguousBatches(indices, { batchSize: streams, sequenceLength: EVALUATION_STEPS });
}

/** What decides the bits besides the position: the text and the options. */
function identityOf(trainedWith: TrainedWith, parts: readonly Int32Array[]): TrainingIdentity {
  const entries = Object.entries(trainedWith).map(([name, value]) => [name, String(value)]);
  return { task: "language-model", ...Object.fromEntries(entries), text: contentName(parts) };
}

function present<O extends object, K extends keyof O>(options: O, names: readonly K[]): { [N in K]?: Exclude<O[N], undefined> } {
  const given = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(given) as { [N in K]?: Exclude<O[N], undefined> };
}
