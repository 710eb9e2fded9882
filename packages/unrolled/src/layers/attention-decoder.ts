import { stack } from "../autograd/ops/concat.js";
import { reshape } from "../autograd/ops/reshape.js";
import { selectRows } from "../autograd/ops/rows.js";
import { slice } from "../autograd/ops/slice.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import type { Cell } from "../cells/cell.js";
import { scanDecoder } from "../cells/decoder/scan-decoder.js";
import { fusedCell } from "../cells/fused-cell.js";
import { gruCell } from "../cells/gru.js";
import { lstmCell } from "../cells/lstm.js";
import type { Direction, Tensors } from "../cells/recurrent-cell.js";
import { rnnCell } from "../cells/rnn.js";
import { dropSteps, sequenceMask } from "../cells/sequence-mask.js";
import type { SequencePlan } from "../cells/sequence-plan.js";
import { stackedBlocks } from "../cells/weight-start.js";
import { UnrolledError } from "../errors.js";
import { glorotUniform } from "../tensor/initializers.js";
import type { Parameter } from "../tensor/parameter.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import { formatShape, type Shape, sameShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { type MemoryCall, placesFor, readMemory } from "./attended.js";
import { type AttentionKind, AttentionScores } from "./attention-scores.js";
import { batchFirstAttention } from "./attention-weights.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, type LayerState, type Passage, streamOf } from "./layer.js";
import { checkChoice, checkCount, checkKnown, checkRate } from "./options.js";

const CELLS = { rnn: rnnCell("tanh"), lstm: lstmCell, gru: gruCell } satisfies Record<string, Cell>;

/** How an attention decoder is made. */
export interface AttentionDecoderOptions {
  /** H, features of the hidden states and of the output. */
  units: number;
  /** Features of what is attended to. */
  memorySize: number;
  /** I, features of the input. Default: what the layer before gives. */
  inputSize?: number;
  /** Default: lstm. */
  cell?: "rnn" | "lstm" | "gru";
  /** How many are stacked. Default: 1. */
  layers?: number;
  /** `dot`, `general` and `concat` of Luong et al. 2015, `bahdanau` of Bahdanau et al. 2015; see `attentionDecoder`. Default: general. */
  attention?: AttentionKind;
  /** Features in which additive scores compare (`concat` and `bahdanau`). Default: `units`. */
  attentionUnits?: number;
  /** Whether what a step gives is fed to the next one, too (Luong et al. 2015); not with `bahdanau`. Default: true with the others. */
  inputFeeding?: boolean;
  /** Dropout in training on what one stacked layer hands to the next, and on the output (which is what is fed). Default: 0. */
  dropout?: number;
  /** Dropout on h' in training, one mask a sequence (Gal & Ghahramani 2016). Default: 0. */
  recurrentDropout?: number;
  /** Whether training changes its weights; may be changed later. Default: true. */
  trainable?: boolean;
  /** For the initial weights, where the layer stands alone. Default: another one each time. */
  seed?: Seed;
}

const OPTIONS = [
  ...["units", "memorySize", "inputSize", "cell", "layers", "attention", "attentionUnits", "inputFeeding"],
  ...["dropout", "recurrentDropout", "trainable", "seed"],
];

/** What a decoder's `apply` is told besides its input. */
export interface AttentionDecoderCall extends MemoryCall {
  /** Steps of each sequence, where they are not all of `x`'s. */
  lengths?: ArrayLike<number>;
  /** `h` (and `c`): `[layers, batch, units]`; with input feeding `fed`: `[1, batch, units]`. Default: zeros. */
  initialState?: Readonly<Record<string, Operand>>;
}

/** Stacked layers of a cell that attend to a memory at each step. */
export class AttentionDecoder extends Layer {
  readonly kind = "attentionDecoder";
  /** H, features of the hidden states and of the output. */
  readonly units: number;
  /** Features of what is attended to. */
  readonly memorySize: number;
  /** How many are stacked. */
  readonly layers: number;
  /** Of its layers. */
  readonly cell: "rnn" | "lstm" | "gru";
  /** @internal How it finds what it reads. */
  readonly scores: AttentionScores;
  /** Whether what a step gives is fed to the next one. */
  readonly inputFeeding: boolean;
  /** Dropout between layers, and on the output. */
  readonly dropout: number;
  /** Dropout on h', one mask a sequence. */
  readonly recurrentDropout: number;
  readonly #options: AttentionDecoderOptions;
  readonly #weights: Readonly<Record<string, Parameter>>[] = [];
  readonly #readout: Record<string, Parameter> = {};
  readonly #random: RandomStream[] = [];
  #inputSize: number | undefined;

  constructor(options: AttentionDecoderOptions) {
    super();
    const where = "attentionDecoder";
    checkKnown(where, options, OPTIONS);
    this.units = checkCount(where, "units", options.units);
    this.memorySize = checkCount(where, "memorySize", options.memorySize);
    this.layers = checkCount(where, "layers", options.layers ?? 1);
    this.cell = checkChoice(where, "cell", options.cell ?? "lstm", ["rnn", "lstm", "gru"]);
    this.scores = new AttentionScores(where, options, { name: "units", size: this.units }, this.memorySize);
    this.inputFeeding = options.inputFeeding ?? !this.#asksBefore;
    this.dropout = checkRate(where, "dropout", options.dropout ?? 0);
    this.recurrentDropout = checkRate(where, "recurrentDropout", options.recurrentDropout ?? 0);
    this.trainable = options.trainable ?? true;
    if (options.inputSize !== undefined) checkCount(where, "inputSize", options.inputSize);
    this.#options = options;
    if (this.inputFeeding && this.#asksBefore) {
      throw this.#problem(
        "UNROLLED_VALUE",
        "with bahdanau the cell reads the context of its own step, and `inputFeeding` has no place; leave it out",
      );
    }
  }

  /** How it finds what it reads. */
  get attention(): AttentionKind {
    return this.scores.kind;
  }

  /** Features in which additive scores compare; undefined for the others. */
  get attentionUnits(): number | undefined {
    return this.scores.units;
  }

  get outputSize(): number {
    return this.units;
  }

  /** I, features of the input. */
  get inputSize(): number {
    this.buildAlone();
    return this.#inputSize as number;
  }

  get input(): InputKind {
    return { kind: "features", size: this.inputSize, option: "inputSize", time: "required" };
  }

  override get randomStreams(): readonly RandomStream[] {
    return this.#random;
  }

  /** The names of its states, in order: `h`, for the LSTM also `c`, and with input feeding `fed`. */
  get states(): readonly string[] {
    return [...CELLS[this.cell].states, ...(this.inputFeeding ? ["fed"] : [])];
  }

  /** @internal Layers that a state has. */
  layersOf(state: string): number {
    return state === "fed" ? 1 : this.layers;
  }

  /**
   * Reads target sequences, step by step, while it attends to the memory.
   *
   * `x: [batch, time, inputs]` → `output: [batch, time, units]`, 0 past a sequence's end; `state`: after each sequence's last step, as
   * `initialState`; `attention: [batch, time, places]`: how much each step reads of each place, 0 past the ends on both sides, without a gradient.
   *
   * @throws {UnrolledError} `UNROLLED_SHAPE` where the input, the memory, the lengths or a state don't fit.
   */
  apply(x: Operand, call: AttentionDecoderCall): { output: Tensor; state: LayerState; attention: Tensor } {
    checkKnown(`${this.kind}.apply`, call, ["memory", "memoryLengths", "lengths", "initialState"]);
    return inScope((scope) => {
      const flow = toRows(scope, this.kind, scope.use(x), this.input, call.lengths);
      const { attended: memory, places } = readMemory(scope, this, call);
      const given = Object.entries(call.initialState ?? {}).map(([name, value]) => [name, scope.use(value)] as const);
      const initial = new Map([[this as Layer, Object.fromEntries(given)]]);
      const passage = {
        ...{ training: scope.recording, initial, memory },
        ...{ final: new Map<Layer, LayerState>(), attention: new Map<Layer, Tensor>() },
      };
      const output = this.forward(scope, flow, passage);
      const weights = passage.attention.get(this) as Tensor;
      return {
        output: fromRows(scope, output),
        state: passage.final.get(this) as LayerState,
        attention: batchFirstAttention(weights, output.plan as SequencePlan, memory.lengths, places),
      };
    }, this.engine);
  }

  forward(scope: Scope, flow: Flow, { training, initial, final, memory, attention }: Passage): Flow {
    const { rows, plan } = flow;
    if (!plan) throw this.#problem("UNROLLED_SHAPE", "it reads sequences, but `x` has no time; feed [batch, time, …]");
    const attended = placesFor(scope, this, plan, memory);
    const begin = this.#initialStates(scope, initial?.get(this), plan);
    const { fed } = begin;
    const decoded = scanDecoder(scope, rows, plan, {
      cell: CELLS[this.cell],
      units: this.units,
      layers: this.#weights.map((weights, layer) => this.#direction(scope, plan, weights, layer, begin, training)),
      memory: attended,
      attention: this.scores.additive(scope),
      asksBefore: this.#asksBefore,
      feeds: this.inputFeeding,
      firstFed: fed?.[0],
      readout: used(scope, this.#readout),
      ...this.#masks(scope, plan, training),
    });
    const { output, states, lastFed, weights } = decoded;
    attention?.set(this, weights);
    final?.set(this, this.#finalStates(scope, plan, states, lastFed));
    return { rows: output, plan };
  }

  protected create(before: number | undefined, seed: Seed, index: number): void {
    const inputs = this.settleInputSize(this.#options.inputSize, before);
    this.#inputSize = inputs;
    const own = this.#options.seed ?? seed;
    const { units, memorySize } = this;
    const { gates } = CELLS[this.cell];
    let user = 0;
    const add = (name: string, shape: Shape, values: (random: RandomStream) => ArrayLike<number>) => {
      const random = new RandomStream(own, "initialisation", streamOf(index, user++));
      return this.addParameter(name, shape, () => values(random));
    };
    const addMatrix = (name: string, rows: number, columns: number) =>
      add(name, [rows, columns], (random) => glorotUniform(rows, columns, random));
    for (let layer = 0; layer < this.layers; layer++) {
      const specified = Object.entries(fusedCell(CELLS[this.cell]).weights(layer === 0 ? inputs : units, units));
      const width = this.#fedSize;
      const fed = stackedBlocks(gates, units, width, (random) => glorotUniform(units, width, random));
      if (layer === 0 && width > 0) specified.push(["weight_fed", fed]);
      const made = specified.map(([name, { shape, initialValues }]) => [name, add(`${name}_l${layer}`, shape, initialValues)]);
      this.#weights.push(Object.fromEntries(made));
    }
    this.scores.create({ add, addZeros: (name, shape) => this.addZeros(name, shape) });
    this.#readout.weight_context = addMatrix("weight_context", units, memorySize);
    this.#readout.weight_hidden = addMatrix("weight_hidden", units, units);
    const drawing = (this.dropout > 0 ? this.layers : 0) + (this.recurrentDropout > 0 ? this.layers : 0);
    for (let draw = 0; draw < drawing; draw++) this.#random.push(new RandomStream(own, "dropout", streamOf(index, draw)));
  }

  get #asksBefore(): boolean {
    return this.attention === "bahdanau";
  }

  /** Features of what the first layer is fed besides x. */
  get #fedSize(): number {
    if (this.#asksBefore) return this.memorySize;
    return this.inputFeeding ? this.units : 0;
  }

  #problem(code: "UNROLLED_SHAPE" | "UNROLLED_VALUE", text: string): UnrolledError {
    return new UnrolledError(code, `${this.kind}: ${text}.`);
  }

  #direction(
    scope: Scope,
    plan: SequencePlan,
    weights: Readonly<Record<string, Parameter>>,
    layer: number,
    begin: Readonly<Record<string, readonly Tensor[]>>,
    training: boolean,
  ): Direction {
    const initial = CELLS[this.cell].states.flatMap((name): [string, Tensor][] => {
      const state = begin[name]?.[layer];
      return state ? [[name, state]] : [];
    });
    const draw = this.#random[(this.dropout > 0 ? this.layers : 0) + layer];
    const masked = training && this.recurrentDropout > 0 && draw;
    return {
      ...{ weights: used(scope, weights), initial: Object.fromEntries(initial), reverse: false, zoneout: {} },
      ...(masked ? { recurrentMask: sequenceMask(scope, plan, this.units, this.recurrentDropout, draw) } : {}),
    };
  }

  /** What dropout multiplies by, at each step. */
  #masks(scope: Scope, plan: SequencePlan, training: boolean): { masks: Tensor[]; outputMask: Tensor | undefined } {
    if (!training || this.dropout === 0) return { masks: [], outputMask: undefined };
    const masks = this.#random.slice(0, this.layers).map((random) => {
      const ones = scope.empty([plan.rows, this.units]);
      scope.engine.kernels.fill(ones.size, 1, ones.address);
      return dropSteps(scope, ones, plan, this.dropout, random);
    });
    return { masks: masks.slice(1), outputMask: masks[0] };
  }

  /** Each state's layers, [batch, units] each, in the plan's order. */
  #initialStates(scope: Scope, state: LayerState | undefined, plan: SequencePlan): Readonly<Record<string, readonly Tensor[]>> {
    if (!state) return {};
    checkKnown(`${this.kind}: initialState`, state, this.states);
    const split = Object.entries(state).map(([name, value]): [string, readonly Tensor[]] => {
      const expected = [this.layersOf(name), plan.batch, this.units];
      if (!sameShape(value.shape, expected)) {
        throw this.#problem(
          "UNROLLED_SHAPE",
          `state \`${name}\` must be ${formatShape(expected)}, received ${formatShape(value.shape)}`,
        );
      }
      const layers = Array.from({ length: this.layersOf(name) }, (_, layer) => {
        const own = reshape(slice(value, 0, layer, layer + 1), [plan.batch, this.units]);
        return plan.order ? selectRows(scope, own, plan.order) : own;
      });
      return [name, layers];
    });
    return Object.fromEntries(split);
  }

  #finalStates(scope: Scope, { places }: SequencePlan, states: readonly Tensors[], lastFed: Tensor | undefined): LayerState {
    const inOrder = (state: Tensor) => (places ? selectRows(scope, state, places) : state);
    const stacked = CELLS[this.cell].states.map((name) => [name, stack(states.map((own) => inOrder(own[name] as Tensor)))]);
    return Object.fromEntries([...stacked, ...(lastFed ? [["fed", stack([inOrder(lastFed)])]] : [])]);
  }
}

function used(scope: Scope, parameters: Readonly<Record<string, Parameter>>): Tensors {
  return Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, scope.use(parameter)]));
}

/**
 * A decoder with attention: stacked layers of a cell read a target sequence and, at each step, a mean of the places of a memory. The whole scan,
 * cells, attention and input feeding, is one op. With places m_j, a = softmax(s) over a sequence's own places, and c = Σ_j a_j m_j:
 *
 * ```text
 * dot, general, concat (Luong et al. 2015):   h_t = cells([x_t; h̃_{t−1}], h_{t−1})      s_j from h_t
 * bahdanau (Bahdanau et al. 2015):            h_t = cells([x_t; c_t], h_{t−1})           s_j from h_{t−1}
 *
 * dot      s_j = h·m_j
 * general  s_j = h·(W_key m_j)
 * concat, bahdanau   s_j = energy·tanh(W_query h + b_query + W_key m_j)
 *
 * h̃_t = tanh(W_context c_t + W_hidden h_t)    the output
 * ```
 *
 * Weights of the cells as in PyTorch (`weight_ih_l0`, …); what is fed to the first layer besides x has its own, `weight_fed_l0`, the right part of
 * a `weight_ih` that reads both. Matrices begin as Glorot uniform, W_hh as orthogonal, biases as 0, the forget gate's as 1.
 *
 * `x: [batch, time, inputs]`, memory `[batch, places, features]` → `[batch, time, units]`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range, or excludes another one.
 */
export function attentionDecoder(options: AttentionDecoderOptions): AttentionDecoder {
  return new AttentionDecoder(options);
}
