import { stack } from "../autograd/ops/concat.js";
import { linear } from "../autograd/ops/linear.js";
import { slice } from "../autograd/ops/slice.js";
import { tanh } from "../autograd/ops/tanh.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import type { Engine } from "../engine/engine.js";
import { UnrolledError } from "../errors.js";
import type { Parameter } from "../tensor/parameter.js";
import { checkSeed, freshSeed, type RandomStream, type Seed } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { attendedOf } from "./attended.js";
import { AttentionDecoder } from "./attention-decoder.js";
import { DecodingSteps } from "./decoding-steps.js";
import { type Dense, dense } from "./dense.js";
import { type Flow, fromRows } from "./flow.js";
import type { Layer, LayerState, Passage, Source } from "./layer.js";
import { withPrefixes } from "./named-parameters.js";
import type { Network } from "./network.js";
import { checkKnown } from "./options.js";
import { Pooling } from "./pooling.js";
import type { Recurrent } from "./recurrent.js";
import type { Sequential } from "./sequential.js";
import { loadStateDict, type StateDict, stateDictOf } from "./state-dict.js";
import { summarizeByName } from "./summary.js";

/** How an encoder and a decoder become a network, besides these. */
export interface EncoderDecoderOptions {
  /** For the bridge's initial weights. Default: another one each time. */
  seed?: Seed;
}

/** What its `apply` is told besides the target's sequences. */
export interface EncoderDecoderCall {
  /** What the encoder reads. */
  source: Source;
  /** Steps of each target sequence, where they are not all of `x`'s. */
  lengths?: ArrayLike<number>;
}

/** A network that reads one thing and writes a sequence. */
export class EncoderDecoder implements Network {
  /** From the source to what is attended to. */
  readonly encoder: Network;
  /** From the target so far to what comes next. */
  readonly decoder: Sequential;
  /** From the mean of what is attended to to the decoder's first states. */
  readonly bridge: Dense;
  readonly parameters: readonly Parameter[];
  /** @internal */
  readonly readsSource = true;
  /** @internal */
  readonly engine: Engine;
  readonly #attending: AttentionDecoder;

  constructor(encoder: Network, decoder: Sequential, options: EncoderDecoderOptions = {}) {
    checkKnown("encoderDecoder", options, ["seed"]);
    this.encoder = encoder;
    this.decoder = decoder;
    this.#attending = attendingOf(decoder);
    const { layers, units, memorySize } = this.#attending;
    this.bridge = dense({ inputSize: memorySize, units: this.#begun.length * layers * units });
    this.bridge.build(undefined, checkSeed(options.seed ?? freshSeed()), 0);
    this.engine = this.bridge.engine;
    this.parameters = [...new Set([...encoder.parameters, ...this.bridge.parameters, ...decoder.parameters])];
    const strange = [encoder, decoder].find((part) => part.engine !== this.engine);
    if (strange) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        "encoderDecoder: encoder and decoder are on different engines; make all layers of a network on one.",
      );
    }
  }

  /** How many numbers its weights are, frozen ones among them. */
  get parameterCount(): number {
    return this.parameters.reduce((count, parameter) => count + parameter.size, 0);
  }

  /** The weights that training changes. */
  get trainableParameters(): readonly Parameter[] {
    return this.parameters.filter((parameter) => parameter.trainable);
  }

  /** @internal */
  get randomStreams(): readonly RandomStream[] {
    return [...this.encoder.randomStreams, ...this.bridge.randomStreams, ...this.decoder.randomStreams];
  }

  /** @internal None whose states go from batch to batch. */
  get recurrentLayers(): readonly Recurrent[] {
    return [];
  }

  /** @internal */
  get namedLayers(): readonly (readonly [place: string, layer: Layer])[] {
    const named = (name: string, network: Network) =>
      network.namedLayers.map(([place, layer]) => [`${name}.${place}`, layer] as const);
    return [...named("encoder", this.encoder), ["bridge", this.bridge], ...named("decoder", this.decoder)];
  }

  /**
   * Runs the decoder on target sequences, teacher-forced: `x`: what its first layer takes, batch first → what its last one gives.
   *
   * @throws {UnrolledError} whatever the layers throw where what they are given is not what they read.
   */
  apply(x: Operand, call: EncoderDecoderCall): Tensor {
    checkKnown("encoderDecoder.apply", call, ["source", "lengths"]);
    return inScope((scope) => {
      const passage = { training: scope.recording, source: call.source };
      return fromRows(scope, this.run(scope, x, call.lengths, passage));
    }, this.engine);
  }

  /** Reads sources, and writes one step after another: what a search for the best target asks. */
  decode(source: Source): DecodingSteps {
    return new DecodingSteps(this.decoder, this.#attending, (scope) => this.#encoded(scope, { training: false, source }));
  }

  /** @internal */
  run(scope: Scope, x: Operand, lengths: ArrayLike<number> | undefined, passage: Passage): Flow {
    return this.decoder.run(scope, x, lengths, this.#encoded(scope, passage));
  }

  /** @internal */
  runToDense(
    scope: Scope,
    x: Operand,
    lengths: ArrayLike<number> | undefined,
    passage: Passage,
  ): { hidden: Flow; dense: Dense } | undefined {
    return this.decoder.runToDense(scope, x, lengths, this.#encoded(scope, passage));
  }

  /** Copies of all weights, by PyTorch's names behind `encoder.`, `bridge.` and `decoder.`. */
  stateDict(): Map<string, Tensor> {
    return stateDictOf(withPrefixes(this.namedLayers));
  }

  /**
   * Takes over weights by these names, all or none.
   *
   * @throws {UnrolledError} `UNROLLED_STATE_DICT`, which names every weight that is missing, unknown or of another shape.
   */
  loadStateDict(tensors: StateDict): void {
    loadStateDict("network", withPrefixes(this.namedLayers), tensors);
  }

  /** A table of the layers with the shapes that they give and how many numbers each trains. */
  summary(): string {
    return summarizeByName(this.namedLayers);
  }

  /** What the decoder is told of the source: what it attends to, and the states it begins with, tanh(W m̄ + b), m̄ being the mean of all places. */
  #encoded(scope: Scope, passage: Passage): Passage {
    const { source, training } = passage;
    if (!source) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        "encoderDecoder: a batch needs a `source`, what the encoder reads, received none.",
      );
    }
    const flow = this.encoder.run(scope, source.x, source.lengths, { training });
    const mean = flow.plan ? new Pooling("meanOverTime").forward(scope, flow).rows : flow.rows;
    const states = tanh(linear(mean, this.bridge.weight, this.bridge.bias));
    const { layers, units } = this.#attending;
    const initial = this.#begun.map((name, index): [string, Tensor] => {
      const first = index * layers * units;
      const parts = Array.from({ length: layers }, (_, layer) =>
        slice(states, 1, first + layer * units, first + (layer + 1) * units),
      );
      return [name, stack(parts)];
    });
    const begin = new Map<Layer, LayerState>([[this.#attending, Object.fromEntries(initial)]]);
    return { ...passage, memory: attendedOf(scope, flow), initial: begin };
  }

  /** The states that the bridge gives; what is fed first is 0. */
  get #begun(): readonly string[] {
    return this.#attending.states.filter((name) => name !== "fed");
  }
}

function attendingOf(decoder: Sequential): AttentionDecoder {
  const found = decoder.layers.filter((layer) => layer instanceof AttentionDecoder);
  const [only] = found;
  if (only && found.length === 1) return only;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `encoderDecoder: the decoder must have one attentionDecoder layer, received ${found.length}; stack cells by its \`layers\`.`,
  );
}

/**
 * A network that reads one thing and writes a sequence: a translator, a captioner. The encoder gives what is attended to: an output at each step, or
 * one vector. The decoder begins with h = tanh(W m̄ + b) (and c alike), m̄ being the mean of the encoder's outputs (as in Nematus, Sennrich et al. 2017,
 * and for images in Xu et al. 2015).
 *
 * `fit` trains it on batches with a `source`; `decode` answers step by step.
 *
 * @example
 * const network = encoderDecoder(
 *   sequential([embedding({ vocabularySize: 5000, units: 64 }), gru({ units: 64, bidirectional: "concat", returnSequences: true })]),
 *   sequential([
 *     embedding({ vocabularySize: 4000, units: 64 }),
 *     attentionDecoder({ units: 128, memorySize: 128 }),
 *     dense({ units: 4000 }),
 *   ]),
 * );
 * await fit(network, [{ source: { x: sourceIds, lengths: [5, 7] }, x: targetIds, y: nextIds, lengths: [4, 6] }], { loss: crossEntropy(), optimizer: adam() });
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where the decoder has no attention decoder, or more than one.
 */
export function encoderDecoder(encoder: Network, decoder: Sequential, options?: EncoderDecoderOptions): EncoderDecoder {
  return new EncoderDecoder(encoder, decoder, options);
}
