import type { Data } from "../../data/data.js";
import { asStore, type ModelStore } from "../../files/store.js";
import { checkKnown } from "../../layers/options.js";
import type { TrainingHistory } from "../../training/history.js";
import { trainInWorker } from "../worker/train-in-worker.js";
import { evaluateClassifier } from "./evaluate.js";
import type { ClassifierExample, ClassifierInput, InputName } from "./examples.js";
import { type Explanation, explainDecision } from "./explain.js";
import type { ClassifierMetrics } from "./metrics.js";
import type { ClassifierNetwork } from "./network.js";
import { type ClassifierOptions, checkOptions } from "./options.js";
import type { ClassifierParts, ClassifierTrainedWith } from "./parts.js";
import { type Prediction, predictionOf } from "./prediction.js";
import { probabilitiesOf } from "./probabilities.js";
import { readClassifier, writeClassifier } from "./stored.js";
import { trainClassifier } from "./train.js";

/** A network that has learned to tell classes of texts, sequences of numbers, or rows apart. */
export class Classifier {
  /** What `loadModel` tells models apart by. */
  readonly task = "classifier";
  readonly #parts: ClassifierParts;

  /** @internal */
  constructor(parts: ClassifierParts) {
    this.#parts = parts;
  }

  /**
   * Trains on examples. What isn't given in the options is chosen by the kind and number of the examples; what inputs are read by (words,
   * means and deviations, categories) is learned from the examples trained on alone. Training ends where validation gets no better.
   *
   * @param examples an array, or a function that reads them anew for each epoch (and once more before the first)
   * @throws {UnrolledError} `UNROLLED_DATA` where an example is none, is unlike the others, or there are too few; `UNROLLED_VALUE` for an option
   * that is unknown, out of range, or says nothing of such inputs; `UNROLLED_NOT_FINITE` where training breaks down.
   *
   * @example
   * const classifier = await Classifier.train([{ input: "what a film", label: "good" }, …], { seed: 7 });
   * (await classifier.predict("what a bore")).label;
   */
  static async train(examples: Data<ClassifierExample>, options: ClassifierOptions = {}): Promise<Classifier> {
    checkOptions(options);
    if (options.worker) return await Classifier.load(await trainInWorker("classifier", examples, options));
    return new Classifier(await trainClassifier(examples, options));
  }

  /**
   * Loads a classifier that was saved. Runs no code from it.
   *
   * @throws {UnrolledError} `UNROLLED_FILE` where a file is missing, damaged or of a newer format; `UNROLLED_STATE_DICT` where its weights
   * don't fit its architecture.
   */
  static async load(store: ModelStore | Map<string, Uint8Array>): Promise<Classifier> {
    return new Classifier(await readClassifier(asStore(store)));
  }

  /** The classes, in the order of the network's outputs. */
  get labels(): readonly string[] {
    return this.#parts.labels.names;
  }

  /** What it reads: text, sequence or row. */
  get input(): InputName {
    return this.#parts.form.name;
  }

  /** From inputs as numbers to a logit for each label. */
  get network(): ClassifierNetwork {
    return this.#parts.network;
  }

  /** The options that it was made and trained with, defaults filled in. */
  get trainedWith(): ClassifierTrainedWith {
    return this.#parts.trainedWith;
  }

  /** What training went through, epoch by epoch. */
  get history(): TrainingHistory {
    return this.#parts.history;
  }

  /** How many numbers its weights are. */
  get parameterCount(): number {
    return this.network.parameterCount;
  }

  /**
   * Classifies one input, or several at once, which is faster.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where an input is not of the kind trained on.
   */
  predict(input: ClassifierInput): Promise<Prediction>;
  predict(inputs: readonly ClassifierInput[]): Promise<Prediction[]>;
  async predict(given: ClassifierInput | readonly ClassifierInput[]): Promise<Prediction | Prediction[]> {
    const { form, labels } = this.#parts;
    const isMany = form.isMany(given);
    const inputs: readonly ClassifierInput[] = isMany ? given : [given as ClassifierInput];
    const where = "Classifier.predict";
    const encoded = inputs.map((input, place) => form.encode(input, inputs.length > 1 ? `${where}: input ${place}` : where));
    const predictions = (await probabilitiesOf(this.#parts, encoded)).map((answer) => predictionOf(labels, answer));
    return isMany ? predictions : (predictions[0] as Prediction);
  }

  /**
   * Measures the classifier on examples, beside what always predicting the most frequent class comes to.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where there is none, or one is not of the kind trained on.
   */
  evaluate(examples: Data<ClassifierExample>): Promise<ClassifierMetrics> {
    return evaluateClassifier(this.#parts, examples);
  }

  /**
   * What moved a decision: each word (or step, or column) is left out in turn, and the change of the label's log odds is its weight. This is
   * occlusion (Zeiler & Fergus 2014; of words Li et al. 2016, representation erasure): parts that only work together are not told apart.
   *
   * @param options `label`: which one is explained, default the likeliest
   * @throws {UnrolledError} `UNROLLED_DATA` where the input is not of the kind trained on, `UNROLLED_VALUE` for a label that is not known.
   */
  async explain(input: ClassifierInput, options: { label?: string } = {}): Promise<Explanation> {
    checkKnown("Classifier.explain", options, ["label"]);
    return await explainDecision(this.#parts, input, options.label);
  }

  /**
   * Saves the classifier: `config.json`, `vocabulary.json` of texts, `model.safetensors`, `history.jsonl` and a `README.md`, all or none.
   *
   * @param store a folder (`folder` of `unrolled/node`), another store, or a map that is filled
   */
  async save(store: ModelStore | Map<string, Uint8Array>): Promise<void> {
    await writeClassifier(asStore(store), this.#parts);
  }
}
