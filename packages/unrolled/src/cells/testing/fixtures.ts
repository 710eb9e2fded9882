import { readFileSync } from "node:fs";

/** Golden values by PyTorch in float64, as fixtures/generate.py writes them. */

/** Row-major. */
export interface FixtureTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export type FixtureTensors = Readonly<Record<string, FixtureTensor>>;

interface RecurrentSizes {
  readonly name: string;
  readonly batch: number;
  readonly time: number;
  readonly inputSize: number;
  readonly units: number;
  readonly layers: number;
}

/** A stack of layers and the gradients of loss = Σ output·wOut + Σ hn·wH + Σ cn·wC. */
interface RecurrentValues {
  /** By PyTorch's names: `weight_ih_l0` … */
  readonly weights: FixtureTensors;
  /** [batch, time, inputSize] */
  readonly x: FixtureTensor;
  /** [layers, batch, units]; absent where the initial state is zero. */
  readonly h0?: FixtureTensor;
  readonly output: FixtureTensor;
  readonly hn: FixtureTensor;
  readonly loss: number;
  /** Of every weight by its name, of `x`, and of `h0` and `c0` where they are given. */
  readonly gradients: FixtureTensors;
}

export interface RnnFixture extends RecurrentSizes, RecurrentValues {
  readonly cell: "rnn";
  readonly nonlinearity: "tanh" | "relu";
  readonly lossWeights: { readonly wOut: FixtureTensor; readonly wH: FixtureTensor };
}

export interface GruFixture extends RecurrentSizes, RecurrentValues {
  readonly cell: "gru";
  readonly lossWeights: { readonly wOut: FixtureTensor; readonly wH: FixtureTensor };
}

export interface LstmFixture extends RecurrentSizes, RecurrentValues {
  readonly cell: "lstm";
  readonly c0?: FixtureTensor;
  readonly cn: FixtureTensor;
  readonly lossWeights: { readonly wOut: FixtureTensor; readonly wH: FixtureTensor; readonly wC: FixtureTensor };
}

export type RecurrentFixture = RnnFixture | GruFixture | LstmFixture;

/** The same over packed sequences: `output` is 0 past a sequence's end, states are [layers·directions, batch, units]. */
export type PackedFixture<F extends RecurrentFixture = RecurrentFixture> = F & {
  readonly bidirectional: boolean;
  /** Steps of each sequence. */
  readonly lengths: readonly number[];
};

/** The same with a hidden state projected to fewer features, as fixtures/generate-projection.py writes them. */
export type ProjectionFixture = PackedFixture<LstmFixture> & { readonly projectionSize: number };

/** ids [batch, time] → embedding → linear → mean cross-entropy. */
export interface CrossEntropyFixture {
  readonly name: string;
  readonly ids: FixtureTensor;
  readonly targets: FixtureTensor;
  readonly weights: Readonly<Record<"embedding.weight" | "linear.weight" | "linear.bias", FixtureTensor>>;
  readonly logits: FixtureTensor;
  readonly loss: number;
  readonly gradients: Readonly<Record<"embedding.weight" | "linear.weight" | "linear.bias" | "logits", FixtureTensor>>;
}

type WeightAndBias = Readonly<Record<"weight" | "bias", FixtureTensor>>;

/** The parameters after each step with the step's gradients. */
export type OptimizerFixture = {
  readonly initial: WeightAndBias;
  readonly steps: readonly { readonly gradients: WeightAndBias; readonly parameters: WeightAndBias }[];
} & (
  | { readonly name: "sgd" | "sgd with momentum"; readonly options: { readonly learningRate: number; readonly momentum: number } }
  | {
      readonly name: "adam";
      readonly options: {
        readonly learningRate: number;
        readonly beta1: number;
        readonly beta2: number;
        readonly epsilon: number;
      };
    }
);

/** Gradients before and after clipping their common norm, and the norm before. */
export interface ClipFixture {
  readonly name: string;
  readonly maxNorm: number;
  readonly gradients: WeightAndBias;
  readonly norm: number;
  readonly clipped: WeightAndBias;
}

interface Fixtures {
  "rnn-tanh": readonly RnnFixture[];
  "rnn-relu": readonly RnnFixture[];
  lstm: readonly LstmFixture[];
  gru: readonly GruFixture[];
  "packed-rnn-tanh": readonly PackedFixture<RnnFixture>[];
  "packed-rnn-relu": readonly PackedFixture<RnnFixture>[];
  "packed-lstm": readonly PackedFixture<LstmFixture>[];
  "packed-gru": readonly PackedFixture<GruFixture>[];
  projection: readonly ProjectionFixture[];
  "cross-entropy": CrossEntropyFixture;
  optimizers: readonly OptimizerFixture[];
  clip: readonly ClipFixture[];
}

/** The fixtures of one subject. */
export function readFixtures<S extends keyof Fixtures>(subject: S): Fixtures[S] {
  return JSON.parse(readFileSync(new URL(`../fixtures/${subject}.json`, import.meta.url), "utf8")) as Fixtures[S];
}
