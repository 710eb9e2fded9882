import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import type { Engine } from "../engine/engine.js";
import { UnrolledError } from "../errors.js";
import { tensor } from "../tensor/create.js";
import { Parameter } from "../tensor/parameter.js";
import { checkSeed, freshSeed, type RandomStream, type Seed } from "../tensor/random.js";
import { Tensor } from "../tensor/tensor.js";
import { CarriedState, checkStateCount, type NetworkState } from "./carried-state.js";
import { Dense } from "./dense.js";
import { type Flow, fromRows, toRows } from "./flow.js";
import type { ImageExtent } from "./image-extent.js";
import { Layer, type LayerState, type Passage } from "./layer.js";
import { withNested, withPrefixes } from "./named-parameters.js";
import type { Network } from "./network.js";
import { checkCount, checkKnown } from "./options.js";
import { Recurrent } from "./recurrent.js";
import { RepeatVector } from "./repeat-vector.js";
import { loadStateDict, type StateDict, stateDictOf } from "./state-dict.js";
import { NetworkStream } from "./stream.js";
import { summarize } from "./summary.js";
import { endOfTime, imagesBehind, needsWholeSequences } from "./time.js";

/** How a network of layers is made, besides the layers. */
export interface SequentialOptions {
  /** For initial weights and dropout. Default: another one each time; `network.seed` tells which. */
  seed?: Seed;
}

/** Layers one after another. */
export class Sequential implements Network {
  /** Its layers, from input to output. */
  readonly layers: readonly Layer[];
  /** What initial weights and dropout are drawn from. */
  readonly seed: Seed;
  /** The weights of all layers in their order, each once, also where two layers share it. */
  readonly parameters: readonly Parameter[];
  /** @internal */
  readonly engine: Engine;

  constructor(layers: readonly Layer[], options: SequentialOptions = {}) {
    checkLayers(layers);
    checkKnown("sequential", options, ["seed"]);
    const [first] = layers;
    if (!first) throw new UnrolledError("UNROLLED_VALUE", "sequential: expected at least one layer, received none.");
    const twice = layers.find((layer, index) => layers.indexOf(layer) !== index);
    if (twice) throw new UnrolledError("UNROLLED_VALUE", `sequential: the same ${twice.kind} layer stands in it twice.`);
    this.layers = layers;
    this.seed = checkSeed(options.seed ?? freshSeed());
    let size: number | undefined;
    let images: ImageExtent | undefined;
    for (const [index, layer] of layers.entries()) {
      layer.build(size, this.seed, index, images);
      if (index > 0) this.#checkFollows(layer, layers.slice(0, index), images);
      size = layer.outputSize;
      images = imagesBehind(layer, images);
    }
    // a tied weight is one parameter
    this.parameters = [...new Set(layers.flatMap((layer) => layer.parameters))];
    this.engine = first.engine;
  }

  /** How many numbers its weights are, frozen ones among them. */
  get parameterCount(): number {
    return this.parameters.reduce((count, parameter) => count + parameter.size, 0);
  }

  /** The weights that training changes. */
  get trainableParameters(): readonly Parameter[] {
    return this.parameters.filter((parameter) => parameter.trainable);
  }

  /** @internal Those that carry states. */
  get recurrentLayers(): readonly Recurrent[] {
    return withNested(this.layers).filter((layer) => layer instanceof Recurrent);
  }

  /** @internal What its layers draw from in training. */
  get randomStreams(): readonly RandomStream[] {
    return this.layers.flatMap((layer) => layer.randomStreams);
  }

  /**
   * Runs all layers. Inside `valueAndGradients` layers behave as in training.
   *
   * `x`: what the first layer takes, batch first → what the last one gives, batch first, 0 past a sequence's end.
   *
   * @param options `lengths`: steps of each sequence, where they are not all of `x`'s
   * @throws {UnrolledError} `UNROLLED_SHAPE`, `UNROLLED_INDEX` or `UNROLLED_DTYPE` where `x` or the lengths are not what the first layer takes.
   */
  apply(x: Operand, options: { lengths?: ArrayLike<number> } = {}): Tensor {
    return inScope((scope) => this.#run(scope, x, options).output, this.engine);
  }

  /**
   * The same with the states of the recurrent layers: those to begin with (default: zeros), and those after the last step.
   *
   * @throws {UnrolledError} as `apply`, and `UNROLLED_SHAPE` where there are more or fewer states than recurrent layers, or one has another shape.
   */
  applyWithState(
    x: Operand,
    state?: NetworkState,
    options: { lengths?: ArrayLike<number> } = {},
  ): { output: Tensor; state: NetworkState } {
    return inScope((scope) => {
      const recurrent = this.recurrentLayers;
      if (state) checkStateCount(state, recurrent);
      const initial = new Map<Layer, LayerState>();
      for (const [index, layer] of recurrent.entries()) {
        const given = Object.entries(state?.[index] ?? {}).map(([name, value]) => [name, scope.use(value)]);
        if (given.length > 0) initial.set(layer, Object.fromEntries(given));
      }
      const { output, final } = this.#run(scope, x, options, initial);
      return { output, state: recurrent.map((layer) => final.get(layer) as LayerState) };
    }, this.engine);
  }

  /** Forgets the states that `stateful` layers carry: the next batch begins at 0. */
  reset(): void {
    for (const layer of this.recurrentLayers) layer.reset();
  }

  #run(
    scope: Scope,
    x: Operand,
    options: { lengths?: ArrayLike<number> },
    given: ReadonlyMap<Layer, LayerState> = new Map(),
  ): { output: Tensor; final: Map<Layer, LayerState> } {
    checkKnown("network.apply", options, ["lengths"]);
    const entered = this.enter(scope, x, options.lengths);
    const carried = this.recurrentLayers.flatMap((layer) => [
      ...layer.carriedInto(scope, (entered.plan ?? entered.images)?.batch ?? 0),
    ]);
    const final = new Map<Layer, LayerState>();
    const passage = { training: scope.recording, initial: new Map([...carried, ...given]), final };
    const output = fromRows(scope, this.forward(scope, entered, passage));
    for (const layer of this.recurrentLayers) layer.carry(final);
    return { output, final };
  }

  /** @internal A batch-first input as the rows of the first layer. */
  enter(scope: Scope, x: Operand, lengths?: ArrayLike<number>): Flow {
    const first = this.layers[0] as Layer;
    if (first.input.kind === "features" || first.input.kind === "images")
      return toRows(scope, first.kind, scope.use(x), first.input, lengths);
    const indices = x instanceof Tensor ? x : tensor(x instanceof Parameter ? x.read().data : x);
    return toRows(scope, first.kind, indices, first.input, lengths);
  }

  /** @internal Every layer with its place. */
  get namedLayers(): readonly (readonly [place: string, layer: Layer])[] {
    return this.layers.map((layer, place) => [String(place), layer]);
  }

  /** @internal Its output on a batch-first input, as rows. */
  run(scope: Scope, x: Operand, lengths: ArrayLike<number> | undefined, passage: Passage): Flow {
    return this.forward(scope, this.enter(scope, x, lengths), passage);
  }

  /** @internal The same up to the dense layer that ends it, and that layer; undefined where none does, or it has an activation. */
  runToDense(
    scope: Scope,
    x: Operand,
    lengths: ArrayLike<number> | undefined,
    passage: Passage,
  ): { hidden: Flow; dense: Dense } | undefined {
    const dense = this.layers.at(-1);
    if (!(dense instanceof Dense) || dense.activation) return undefined;
    return { hidden: this.forward(scope, this.enter(scope, x, lengths), passage, this.layers.slice(0, -1)), dense };
  }

  /** @internal Runs some layers, all by default, on rows. */
  forward(scope: Scope, flow: Flow, passage: Passage, layers = this.layers): Flow {
    return layers.reduce((rows, layer) => layer.forward(scope, rows, passage), flow);
  }

  /**
   * Reads one step at a time: states are kept inside, in constant memory however long the sequence.
   *
   * @param batch how many sequences run side by side, default 1
   * @throws {UnrolledError} `UNROLLED_VALUE` where `batch` is no whole number of at least 1, and where a layer reads backwards.
   */
  stream(batch = 1): NetworkStream {
    const backward = this.recurrentLayers.find(({ bidirectional, goBackwards }) => bidirectional || goBackwards);
    if (backward) {
      const option = backward.bidirectional ? "bidirectional" : "goBackwards";
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `stream: the ${backward.kind} has \`${option}\`, so its first output needs the last step; apply the network to whole sequences.`,
      );
    }
    const whole = this.layers.find(needsWholeSequences);
    if (whole) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `stream: the ${whole.kind} in the network needs whole sequences; apply the network to them.`,
      );
    }
    const carried = new CarriedState(this.engine, this.recurrentLayers, checkCount("stream", "batch", batch));
    return new NetworkStream(this, carried);
  }

  /** Copies of all weights, by PyTorch's names: those of `torch.nn.Sequential`, such as `1.weight_ih_l0`. */
  stateDict(): Map<string, Tensor> {
    return stateDictOf(this.#named());
  }

  /**
   * Takes over weights by PyTorch's names, all or none.
   *
   * @throws {UnrolledError} `UNROLLED_STATE_DICT`, which names every weight that is missing, unknown or of another shape.
   */
  loadStateDict(tensors: StateDict): void {
    loadStateDict("network", this.#named(), tensors);
  }

  /** A table of the layers with the shapes that they give and how many numbers each trains. */
  summary(): string {
    return summarize(this.layers);
  }

  #named(): Map<string, Parameter> {
    return withPrefixes(this.layers.entries());
  }

  #checkFollows(layer: Layer, allBefore: readonly Layer[], images: ImageExtent | undefined): void {
    const before = allBefore.at(-1) as Layer;
    const where = `sequential: ${layer.kind} after ${before.kind}`;
    if (layer.input.kind === "images") {
      this.#checkImages(where, images);
      this.#checkEngine(where, layer, before);
      return;
    }
    if (layer.input.kind !== "features") {
      const what = layer.input.kind === "indices" ? "an embedding" : layer.kind;
      throw new UnrolledError("UNROLLED_VALUE", `${where}: ${what} reads indices and can only stand first.`);
    }
    if (layer.input.size !== before.outputSize) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `${where}: it was made for ${layer.input.size} features and receives ${before.outputSize}; leave inputSize out.`,
      );
    }
    if (images && ((layer.input.kind === "features" && layer.input.time === "required") || layer instanceof RepeatVector)) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `${where}: it reads no images; put imageColumns() between, which gives a step for each column, or flatten().`,
      );
    }
    const ending = endOfTime(allBefore);
    if (ending && layer.input.time === "required") {
      const [what, mend] =
        ending instanceof Recurrent ? ["the last", "set its returnSequences: true"] : ["one row a sequence", "put it behind"];
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `${where}: it reads every step, but the ${ending.kind} before gives only ${what}; ${mend}.`,
      );
    }
    this.#checkEngine(where, layer, before);
  }

  #checkImages(where: string, images: ImageExtent | undefined): void {
    if (images) return;
    throw new UnrolledError("UNROLLED_VALUE", `${where}: it reads images, which the layer before doesn't give; put it first.`);
  }

  #checkEngine(where: string, layer: Layer, before: Layer): void {
    if (layer.engine === before.engine) return;
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${where}: its weights are on another engine; make all layers of a network on one.`,
    );
  }
}

/**
 * A network of layers one after another. Its parameters exist from here on: each layer takes the size of its input from the one
 * before it, the first from its own options.
 *
 * @example
 * const network = sequential([embedding({ vocabularySize: 5000, units: 64 }), gru({ units: 128 }), dense({ units: 2 })], { seed: 7 });
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` or `UNROLLED_SHAPE` where the layers don't fit together.
 */
export function sequential(layers: readonly Layer[], options?: SequentialOptions): Sequential {
  return new Sequential(layers, options);
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where it is no array, or holds something else than layers. */
function checkLayers(layers: readonly Layer[]): void {
  const wrong = (text: string) => new UnrolledError("UNROLLED_VALUE", `sequential: ${text}.`);
  if (!Array.isArray(layers)) {
    throw wrong("expected an array of layers: sequential([embedding({ … }), lstm({ … })])");
  }
  for (const [place, layer] of layers.entries()) {
    if (layer instanceof Layer) continue;
    const mend = typeof layer === "function" ? "; call it with its options" : "";
    throw wrong(`entry ${place} must be a layer, received ${layer === null ? "null" : typeof layer}${mend}`);
  }
}
