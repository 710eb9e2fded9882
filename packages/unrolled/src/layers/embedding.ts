import { gatherResident } from "../autograd/ops/gather.js";
import { keyedDropout } from "../autograd/ops/keyed-dropout.js";
import { inScope, type Scope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import { tensor } from "../tensor/create.js";
import { normal } from "../tensor/initializers.js";
import type { Parameter } from "../tensor/parameter.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import { sizeOf } from "../tensor/shape.js";
import { type NestedNumbers, Tensor } from "../tensor/tensor.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, type Passage, streamOf } from "./layer.js";
import { checkCount, checkKnown, checkRate } from "./options.js";

/** How an embedding is made. */
export interface EmbeddingOptions {
  /** How many different indices there are. */
  vocabularySize: number;
  /** Features of the vector of each. */
  units: number;
  /** Probability that an index is dropped, wherever in the batch it stands, in training (Gal & Ghahramani 2016). Default: 0. */
  dropout?: number;
  /** Whether training changes its weights; may be changed later. Default: true. */
  trainable?: boolean;
  /**
   * Vectors to begin with, by their index, such as GloVe's or word2vec's of a vocabulary's words (`vectorsOf` of `unrolled/tasks`). Those
   * of other indices are drawn at their scale: normal numbers with the standard deviation of the numbers given. Default: none.
   */
  vectors?: ReadonlyMap<number, ArrayLike<number>>;
  /** For the initial vectors, where the layer stands alone. Default: another one each time. */
  seed?: Seed;
}

/** A vector for each index of a vocabulary. */
export class Embedding extends Layer {
  readonly kind = "embedding";
  /** How many different indices there are. */
  readonly vocabularySize: number;
  /** Features of the vector of each. */
  readonly units: number;
  /** Probability that an index is dropped in training. */
  readonly dropout: number;
  readonly #vectors: ReadonlyMap<number, ArrayLike<number>>;
  readonly #seed: Seed | undefined;
  #weight: Parameter | undefined;
  #random: RandomStream | undefined;

  constructor(options: EmbeddingOptions) {
    super();
    checkKnown("embedding", options, ["vocabularySize", "units", "dropout", "trainable", "vectors", "seed"]);
    this.trainable = options.trainable ?? true;
    this.vocabularySize = checkCount("embedding", "vocabularySize", options.vocabularySize);
    this.units = checkCount("embedding", "units", options.units);
    this.dropout = checkRate("embedding", "dropout", options.dropout ?? 0);
    this.#vectors = options.vectors ?? new Map();
    for (const [index, vector] of this.#vectors) this.#checkVector(index, vector);
    this.#seed = options.seed;
  }

  get outputSize(): number {
    return this.units;
  }

  get input(): InputKind {
    return { kind: "indices", bound: this.vocabularySize };
  }

  /** [vocabulary, units] */
  get weight(): Parameter {
    this.buildAlone();
    return this.#weight as Parameter;
  }

  override get randomStreams(): readonly RandomStream[] {
    return this.#random ? [this.#random] : [];
  }

  /** `indices: [batch]` or `[batch, time]` → `[batch, units]` or `[batch, time, units]`. */
  apply(indices: Tensor | NestedNumbers): Tensor {
    const x = indices instanceof Tensor ? indices : tensor(indices);
    return inScope((scope) => {
      const flow = toRows(scope, this.kind, x, this.input);
      return fromRows(scope, this.forward(scope, flow, { training: scope.recording }));
    }, this.engine);
  }

  forward(scope: Scope, { rows: indices, ...rest }: Flow, { training }: Passage): Flow {
    const vectors = gatherResident(scope, scope.use(this.weight), indices);
    const dropped = training && this.#random ? keyedDropout(vectors, this.dropout, this.#random, indices, "row") : vectors;
    return { rows: dropped, ...rest };
  }

  protected create(_before: number | undefined, seed: Seed, index: number): void {
    const own = this.#seed ?? seed;
    const random = new RandomStream(own, "initialisation", streamOf(index, 0));
    const shape = [this.vocabularySize, this.units] as const;
    this.#weight = this.addParameter("weight", shape, () => {
      const vectors = normal(sizeOf(shape), deviationOf(this.#vectors) || EMBEDDING_DEVIATION, random);
      for (const [row, vector] of this.#vectors) vectors.set(vector, row * this.units);
      return vectors;
    });
    if (this.dropout > 0) this.#random = new RandomStream(own, "dropout", streamOf(index, 0));
  }

  #checkVector(index: number, vector: ArrayLike<number>): void {
    const fits = Number.isSafeInteger(index) && index >= 0 && index < this.vocabularySize;
    if (fits && vector.length === this.units && Array.from(vector).every(Number.isFinite)) return;
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `embedding: \`vectors\` must have ${this.units} finite numbers for indices from 0 to ${this.vocabularySize - 1}, received ` +
        `${vector.length} numbers for index ${index}.`,
    );
  }
}

/** Of all numbers around their mean; 0 where there are none. */
function deviationOf(vectors: ReadonlyMap<number, ArrayLike<number>>): number {
  let [count, sum, squares] = [0, 0, 0];
  for (const vector of vectors.values()) {
    for (let k = 0; k < vector.length; k++) {
      const value = vector[k] as number;
      sum += value;
      squares += value * value;
    }
    count += vector.length;
  }
  if (count === 0) return 0;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** Vectors begin near 0, as in Keras and AWD-LSTM rather than with PyTorch's unit variance. */
const EMBEDDING_DEVIATION = 0.1;

/**
 * An embedding: a trained vector for each index. Vectors begin as normal numbers with standard deviation 0.1.
 *
 * `indices: [batch, time]`, whole numbers from 0 to vocabularySize − 1 → `[batch, time, units]`.
 *
 * With `dropout`, whole words are left out in training (Gal & Ghahramani 2016; Merity et al. 2018): an index that is dropped has the vector 0
 * wherever in the batch it stands, the others are divided by 1 − dropout.
 *
 * With `vectors` it begins with those that were learned elsewhere, which are tuned, or with `trainable: false` stay as they are, like all others of
 * the layer.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function embedding(options: EmbeddingOptions): Embedding {
  return new Embedding(options);
}
