import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import { currentEngine } from "../engine/current.js";
import type { Engine } from "../engine/engine.js";
import { UnrolledError } from "../errors.js";
import type { Parameter } from "../tensor/parameter.js";
import { checkSeed, freshSeed, type RandomStream, type Seed } from "../tensor/random.js";
import { Tensor } from "../tensor/tensor.js";
import { type Flow, toRows } from "./flow.js";
import type { Layer, Passage, Source } from "./layer.js";
import { withPrefixes } from "./named-parameters.js";
import type { Network } from "./network.js";
import { checkKnown } from "./options.js";
import type { Recurrent } from "./recurrent.js";
import { Sequential } from "./sequential.js";
import { loadStateDict, type StateDict, stateDictOf } from "./state-dict.js";
import { summarizeByName } from "./summary.js";

/** How a model is made, besides its layers and function. */
export interface ModelOptions {
  /** For initial weights and dropout. Default: another one each time; `model.seed` tells which. */
  seed?: Seed;
}

/** What a model's function is told besides its layers and inputs. */
export interface ModelCall {
  /** Steps of each sequence, as they were given to `apply`. */
  readonly lengths?: ArrayLike<number>;
  /** A second input: what an encoder reads, as it was given to `apply`, or with a batch. */
  readonly source?: Source;
}

type NamedLayers = Readonly<Record<string, Layer | Sequential>>;

/** Layers by their names and a function over them, with as many inputs and outputs as it likes. */
export class Model<L extends NamedLayers, I, O> implements Network {
  /** Its layers by their names. */
  readonly layers: L;
  /** What initial weights and dropout are drawn from. */
  readonly seed: Seed;
  /** Each once, also where two layers share it. */
  readonly parameters: readonly Parameter[];
  /** @internal Its function does, or a batch with one is refused. */
  readonly readsSource = true;
  /** @internal */
  readonly engine: Engine;
  /** Every layer with its name; those of a `sequential` with their place behind its name. */
  readonly #entries: readonly (readonly [name: string, layer: Layer])[];
  readonly #run: (layers: L, inputs: I, call: ModelCall) => O;

  constructor(layers: L, run: (layers: L, inputs: I, call: ModelCall) => O, options: ModelOptions = {}) {
    checkKnown("model", options, ["seed"]);
    this.#entries = Object.entries(layers).flatMap(([name, layer]) =>
      layer instanceof Sequential
        ? layer.layers.map((inner, place) => [`${name}.${place}`, inner] as const)
        : [[name, layer] as const],
    );
    const all = this.#entries.map(([, layer]) => layer);
    const twice = all.find((layer, index) => all.indexOf(layer) !== index);
    if (twice) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `model: the same ${twice.kind} layer has two names; give it one, and call it as often as you like.`,
      );
    }
    this.layers = layers;
    this.seed = checkSeed(options.seed ?? freshSeed());
    for (const [index, layer] of all.entries()) layer.build(undefined, this.seed, index);
    this.parameters = [...new Set(all.flatMap((layer) => layer.parameters))];
    this.engine = all[0]?.engine ?? currentEngine();
    const stranger = this.#entries.find(([, layer]) => layer.engine !== this.engine);
    if (stranger) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `model: the weights of ${stranger[0]} are on another engine than those before it; make all layers of a model on one.`,
      );
    }
    this.#run = run;
  }

  /** How many numbers its weights are, frozen ones among them. */
  get parameterCount(): number {
    return this.parameters.reduce((count, parameter) => count + parameter.size, 0);
  }

  /** The weights that training changes. */
  get trainableParameters(): readonly Parameter[] {
    return this.parameters.filter((parameter) => parameter.trainable);
  }

  /** @internal What its layers draw from in training. */
  get randomStreams(): readonly RandomStream[] {
    return this.#entries.flatMap(([, layer]) => layer.randomStreams);
  }

  /**
   * Runs the function on inputs. Inside `valueAndGradients` layers behave as in training; outside, tensors in the result (alone, or in arrays and
   * plain records) are copied out.
   *
   * @param call `lengths` and `source`: handed to the function, which gives them to its layers
   * @throws {UnrolledError} whatever the layers throw where what they are given is not what they read.
   */
  apply(inputs: I, call: ModelCall = {}): O {
    checkKnown("model.apply", call, ["lengths", "source"]);
    return inScope(() => this.#run(this.layers, inputs, call), this.engine);
  }

  /** @internal None: what goes from call to call is the function's to say. */
  get recurrentLayers(): readonly Recurrent[] {
    return [];
  }

  /** @internal Every layer with its name. */
  get namedLayers(): readonly (readonly [name: string, layer: Layer])[] {
    return this.#entries;
  }

  /**
   * @internal Its output on one input, or on one with a source, as rows.
   *
   * @throws {UnrolledError} `UNROLLED_VALUE` where its output is not one tensor, or its function doesn't read a source that there is.
   */
  run(scope: Scope, x: Operand, lengths: ArrayLike<number> | undefined, { source }: Pick<Passage, "source"> = {}): Flow {
    const call: { lengths?: ArrayLike<number>; source?: Source } = lengths ? { lengths } : {};
    let isRead = !source;
    const get = () => {
      isRead = true;
      return source;
    };
    if (source) Object.defineProperty(call, "source", { enumerable: true, get });
    const output = this.apply(x as I, call);
    if (!isRead) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        "model: the batch has a `source`, which its function doesn't read; leave it out, or have the function take `source` from what it is called with.",
      );
    }
    if (!(output instanceof Tensor)) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        "model: fit trains a model of one input and one output, but its function gave no tensor; " +
          "train it in a loop of your own, with valueAndGradients and an optimizer's update.",
      );
    }
    const input = { kind: "features", size: output.shape.at(-1) ?? 0, option: "units", time: "optional" } as const;
    // lengths are those of the input: they say nothing of an output with another time
    const ends = lengths && output.shape.length === 3 && output.shape[1] === timeOf(x) ? lengths : undefined;
    return toRows(scope, "model", scope.use(output), input, ends);
  }

  /** @internal What ends it is not known. */
  runToDense(): undefined {
    return undefined;
  }

  /** Copies of all weights, by the layers' names and PyTorch's: `encoder.weight_ih_l0`. */
  stateDict(): Map<string, Tensor> {
    return stateDictOf(withPrefixes(this.#entries));
  }

  /**
   * Takes over weights by these names, all or none.
   *
   * @throws {UnrolledError} `UNROLLED_STATE_DICT`, which names every weight that is missing, unknown or of another shape.
   */
  loadStateDict(tensors: StateDict): void {
    loadStateDict("model", withPrefixes(this.#entries), tensors);
  }

  /** A table of the layers with the shapes that they give and how many numbers each trains. */
  summary(): string {
    return summarizeByName(this.#entries);
  }
}

function timeOf(x: Operand): number | undefined {
  if (!Array.isArray(x)) return x instanceof Tensor ? x.shape[1] : undefined;
  return Array.isArray(x[0]) ? x[0].length : undefined;
}

/**
 * A network of any shape: layers by their names, and a function that calls them. Inputs and outputs may be tensors, arrays or records of
 * them. A layer may be called more than once: its weights are shared. Layers that need the size of their input take it from their own
 * `inputSize`; layers in a `sequential` from those before them
 * (whose seed is its own).
 *
 * @param layers by name; the names stand before PyTorch's in the state dict, as those of a `torch.nn.Module`'s attributes do
 * @param run what the network computes: synchronous, with the layers' `apply` and the ops of this library
 *
 * @example
 * const translator = model(
 *   { words: embedding({ vocabularySize: 5000, units: 64 }), encoder: gru({ inputSize: 64, units: 128 }), head: dense({ inputSize: 128, units: 2 }) },
 *   ({ words, encoder, head }, ids: number[][], { lengths }) => head.apply(encoder.apply(words.apply(ids), { lengths }).output),
 * );
 * await fit(translator, batches, { loss: crossEntropy(), optimizer: adam() });      // one input, or one with a source, and one output
 * const { value, gradients } = valueAndGradients(translator.parameters, () => softmaxCrossEntropy(translator.apply(ids), labels));
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an unknown option, a layer with two names, or one that doesn't know the size of its input.
 */
export function model<L extends NamedLayers, I, O>(
  layers: L,
  run: (layers: L, inputs: I, call: ModelCall) => O,
  options?: ModelOptions,
): Model<L, I, O> {
  return new Model(layers, run, options);
}
