import type { Scope } from "../autograd/scope.js";
import { currentEngine } from "../engine/current.js";
import type { Engine } from "../engine/engine.js";
import { UnrolledError } from "../errors.js";
import { Parameter } from "../tensor/parameter.js";
import { freshSeed, type RandomStream, type Seed } from "../tensor/random.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import type { NestedNumbers, Tensor } from "../tensor/tensor.js";
import type { Attended } from "./attended.js";
import type { Flow, InputKind } from "./flow.js";
import type { ImageExtent } from "./image-extent.js";
import { loadStateDict, type StateDict, stateDictOf } from "./state-dict.js";

/** The states of a recurrent layer, each `[layers·directions, batch, units]`: `h`, and for the LSTM also `c`. */
export type LayerState<S extends string = string> = Readonly<Record<S, Tensor>>;

/** What a decoder's output is of: an encoder's input. */
export interface Source {
  /** What the encoder's first layer takes, batch first. */
  x: Tensor | NestedNumbers;
  /** Steps of each sequence, where they are not all of `x`'s. */
  lengths?: ArrayLike<number>;
}

/** What a layer is told besides its input, and where it leaves what is not its output. */
export interface Passage {
  /** Whether layers do what they do in training only. */
  readonly training: boolean;
  /** States to begin with, by layer; zeros where missing. */
  readonly initial?: ReadonlyMap<Layer, LayerState>;
  /** Filled with the states after the last step, where given. */
  readonly final?: Map<Layer, LayerState>;
  /** What a network of encoder and decoder encodes. */
  readonly source?: Source;
  /** What decoders attend to. */
  readonly memory?: Attended;
  /** Filled with how much each row reads of each place, [rows, places], where given. */
  readonly attention?: Map<Layer, Tensor>;
}

/**
 * A layer: parameters and what they do to rows. Its parameters exist as soon as the size of its input is known: from its own
 * options, or from the layer before it in `sequential`.
 */
export abstract class Layer {
  /** What it is, in errors and summaries: `lstm`, `dense`, … */
  abstract readonly kind: string;
  /** @internal What it reads; known once it is built. */
  abstract readonly input: InputKind;
  /** How many features it gives; known once it is built. */
  abstract readonly outputSize: number;
  readonly #parameters: Parameter[] = [];
  #engine: Engine | undefined;
  #trainable = true;

  /** @internal Its formula, on rows. */
  abstract forward(scope: Scope, flow: Flow, passage: Passage): Flow;

  /**
   * @internal Makes parameters and random streams; called once. `inputSize` is what the layer before gives, if there is one, `images` how large
   * the images are, if it gives any.
   */
  protected abstract create(inputSize: number | undefined, seed: Seed, index: number, images?: ImageExtent): void;

  /** @internal Makes what is not made yet. `index` is its place in the network. */
  build(inputSize: number | undefined, seed: Seed, index: number, images?: ImageExtent): void {
    if (this.#engine) return;
    this.#engine = currentEngine();
    this.create(inputSize, seed, index, images);
    if (!this.#trainable) this.trainable = false;
  }

  /** @internal Makes it on its own, outside of a network. */
  protected buildAlone(): void {
    if (!this.#engine) this.build(undefined, freshSeed(), 0);
  }

  /** @internal */
  get engine(): Engine {
    this.buildAlone();
    return this.#engine as Engine;
  }

  /** Its weights, in PyTorch's order. */
  get parameters(): readonly Parameter[] {
    this.buildAlone();
    return this.#parameters;
  }

  /**
   * Whether training changes its weights. May be set at any time; a weight that two layers share is one weight. Frozen layers still do what
   * they do in training only (dropout).
   */
  get trainable(): boolean {
    if (!this.#engine || this.parameters.length === 0) return this.#trainable;
    return this.parameters.some((parameter) => parameter.trainable);
  }

  set trainable(trainable: boolean) {
    this.#trainable = trainable;
    if (this.#engine) for (const parameter of this.parameters) parameter.trainable = trainable;
  }

  /** @internal What it draws from in training. */
  get randomStreams(): readonly RandomStream[] {
    return [];
  }

  /** Copies of its weights by PyTorch's names. */
  stateDict(): Map<string, Tensor> {
    return stateDictOf(this.#named());
  }

  /**
   * Takes over weights by PyTorch's names, all or none.
   *
   * @throws {UnrolledError} `UNROLLED_STATE_DICT`, which names every weight that is missing, unknown or of another shape.
   */
  loadStateDict(tensors: StateDict): void {
    loadStateDict(this.kind, this.#named(), tensors);
  }

  protected addParameter(name: string, shape: Shape, initialValues: () => ArrayLike<number>): Parameter {
    const parameter = new Parameter(this.#engine as Engine, name, shape, initialValues);
    this.#parameters.push(parameter);
    return parameter;
  }

  protected addZeros(name: string, shape: Shape): Parameter {
    return this.addParameter(name, shape, () => new Float32Array(sizeOf(shape)));
  }

  /** The input size that options or the layer before give. */
  protected settleInputSize(own: number | undefined, before: number | undefined): number {
    if (own !== undefined && before !== undefined && own !== before) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `${this.kind}: inputSize is ${own}, but the layer before gives ${before} features; leave inputSize out.`,
      );
    }
    const size = own ?? before;
    if (size !== undefined) return size;
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${this.kind}: the size of its input is not known; set inputSize, or put the layer behind another in \`sequential\`.`,
    );
  }

  #named(): Map<string, Parameter> {
    return new Map(this.parameters.map((parameter) => [parameter.name, parameter]));
  }
}

/** The random stream of one of up to 65,536 users of random numbers inside a layer. */
export function streamOf(layer: number, user: number): number {
  return layer * 65536 + user;
}
