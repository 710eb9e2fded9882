import { gatherResident } from "../autograd/ops/gather.js";
import { inScope, type Scope } from "../autograd/scope.js";
import { tensor } from "../tensor/create.js";
import { normal } from "../tensor/initializers.js";
import type { Parameter } from "../tensor/parameter.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import { sizeOf } from "../tensor/shape.js";
import { type NestedNumbers, Tensor } from "../tensor/tensor.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, streamOf } from "./layer.js";
import { checkCount, checkKnown } from "./options.js";

export interface EmbeddingOptions {
  /** How many different indices there are. */
  vocabularySize: number;
  /** Features of the vector of each. */
  units: number;
  /** For the initial vectors, where the layer stands alone. Default: another one each time. */
  seed?: Seed;
}

/** A vector for each index of a vocabulary. */
export class Embedding extends Layer {
  readonly kind = "embedding";
  readonly vocabularySize: number;
  readonly units: number;
  readonly #seed: Seed | undefined;
  #weight: Parameter | undefined;

  constructor(options: EmbeddingOptions) {
    super();
    checkKnown("embedding", options, ["vocabularySize", "units", "seed"]);
    this.vocabularySize = checkCount("embedding", "vocabularySize", options.vocabularySize);
    this.units = checkCount("embedding", "units", options.units);
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

  /** `indices: [batch]` or `[batch, time]` → `[batch, units]` or `[batch, time, units]`. */
  apply(indices: Tensor | NestedNumbers): Tensor {
    const x = indices instanceof Tensor ? indices : tensor(indices);
    return inScope((scope) => fromRows(scope, this.forward(scope, toRows(scope, this.kind, x, this.input))), this.engine);
  }

  forward(scope: Scope, { rows, ...rest }: Flow): Flow {
    return { rows: gatherResident(scope, scope.use(this.weight), rows), ...rest };
  }

  protected create(_before: number | undefined, seed: Seed, index: number): void {
    const random = new RandomStream(this.#seed ?? seed, "initialisation", streamOf(index, 0));
    const shape = [this.vocabularySize, this.units] as const;
    this.#weight = this.addParameter("weight", shape, () => normal(sizeOf(shape), EMBEDDING_DEVIATION, random));
  }
}

/** Vectors begin near 0, as in Keras and AWD-LSTM rather than with PyTorch's unit variance. */
const EMBEDDING_DEVIATION = 0.1;

/**
 * An embedding: a trained vector for each index. Vectors begin as normal numbers with standard deviation 0.1.
 *
 * `indices: [batch, time]`, whole numbers from 0 to vocabularySize − 1 → `[batch, time, units]`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function embedding(options: EmbeddingOptions): Embedding {
  return new Embedding(options);
}
