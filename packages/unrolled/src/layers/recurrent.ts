import { stack } from "../autograd/ops/concat.js";
import { dropout } from "../autograd/ops/dropout.js";
import { reshape } from "../autograd/ops/reshape.js";
import { slice } from "../autograd/ops/slice.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import { type Cell, type StateName, WEIGHT_NAMES, type WeightName, weightShapes } from "../cells/cell.js";
import { type CellState, type CellWeights, scan } from "../cells/scan.js";
import { UnrolledError } from "../errors.js";
import { glorotUniform, orthogonal } from "../tensor/initializers.js";
import type { Parameter } from "../tensor/parameter.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, type LayerState, type Passage, streamOf } from "./layer.js";
import { checkCount, checkKnown, checkRate } from "./options.js";

export interface RecurrentOptions {
  /** H, features of the hidden state. */
  units: number;
  /** I, features of the input. Default: what the layer before gives. */
  inputSize?: number;
  /** How many are stacked, each reading the hidden states of the one before. Default: 1. */
  layers?: number;
  /** Dropout on what one stacked layer hands to the next, in training. Default: 0. */
  dropout?: number;
  /** Whether the output is the hidden state of every step instead of the last. Default: false. */
  returnSequences?: boolean;
  /** For the initial weights, where the layer stands alone. Default: another one each time. */
  seed?: Seed;
}

/** States from outside, each `[layers, batch, units]`. */
export type InitialState = { readonly [S in StateName]?: Operand };

const OPTIONS = ["units", "inputSize", "layers", "dropout", "returnSequences", "seed"];

/** A stack of layers of one recurrent cell. */
export class Recurrent extends Layer {
  readonly kind: string;
  readonly units: number;
  readonly layers: number;
  readonly dropout: number;
  readonly returnSequences: boolean;
  readonly #cell: Cell;
  readonly #options: RecurrentOptions;
  readonly #weights: Record<WeightName, Parameter>[] = [];
  #random: RandomStream[] = [];

  constructor(cell: Cell, options: RecurrentOptions, ownOptions: readonly string[] = []) {
    super();
    this.kind = cell.name;
    checkKnown(cell.name, options, [...OPTIONS, ...ownOptions]);
    this.units = checkCount(cell.name, "units", options.units);
    this.layers = checkCount(cell.name, "layers", options.layers ?? 1);
    this.dropout = checkRate(cell.name, "dropout", options.dropout ?? 0);
    if (this.dropout > 0 && this.layers === 1) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `${cell.name}: \`dropout\` acts between stacked layers, received ${this.dropout} for one layer; ` +
          `set layers: 2, or put dropout(${this.dropout}) behind it.`,
      );
    }
    this.returnSequences = options.returnSequences ?? false;
    if (options.inputSize !== undefined) checkCount(cell.name, "inputSize", options.inputSize);
    this.#cell = cell;
    this.#options = options;
  }

  get outputSize(): number {
    return this.units;
  }

  get inputSize(): number {
    this.buildAlone();
    return this.#weights[0]?.weight_ih.shape[1] as number;
  }

  get input(): InputKind {
    return { kind: "features", size: this.inputSize, option: "inputSize", time: "required" };
  }

  override get randomStreams(): readonly RandomStream[] {
    return this.#random;
  }

  /** The states it carries: `h`, and for the LSTM also `c`. */
  get states(): readonly StateName[] {
    return this.#cell.states;
  }

  /**
   * Reads a batch of sequences.
   *
   * `x: [batch, time, inputs]` → `output: [batch, time, units]` with `returnSequences`, else `[batch, units]`;
   * `state`: `h` (and `c`) after the last step, each `[layers, batch, units]`.
   *
   * @throws {UnrolledError} `UNROLLED_SHAPE` where the input or a state has another shape.
   */
  apply(x: Operand, options: { initialState?: InitialState } = {}): { output: Tensor; state: LayerState } {
    checkKnown(`${this.kind}.apply`, options, ["initialState"]);
    return inScope((scope) => {
      const flow = toRows(scope, this.kind, scope.use(x), this.input);
      const final = new Map<Layer, LayerState>();
      const given = Object.entries(options.initialState ?? {}).map(([name, value]) => [name, scope.use(value)]);
      const initial = new Map(given.length > 0 ? [[this as Layer, Object.fromEntries(given) as LayerState]] : []);
      const output = fromRows(scope, this.forward(scope, flow, { training: scope.recording, initial, final }));
      return { output, state: final.get(this) as LayerState };
    }, this.engine);
  }

  forward(scope: Scope, flow: Flow, { training, initial, final }: Passage): Flow {
    const { plan } = flow;
    if (!plan) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `${this.kind}: it reads sequences, but \`x\` has no time; feed [batch, time, …].`,
      );
    }
    const begin = this.#initialStates(initial?.get(this), plan.batch);
    const end: CellState[] = [];
    let rows = flow.rows;
    for (const [layer, weights] of this.#weights.entries()) {
      const random = this.#random[layer - 1];
      if (random && training && this.dropout > 0) rows = dropout(rows, this.dropout, random);
      const resident = Object.fromEntries(WEIGHT_NAMES.map((name) => [name, scope.use(weights[name])])) as CellWeights;
      const { output, state } = scan(scope, this.#cell, rows, plan, resident, begin[layer] ?? {});
      rows = output;
      end.push(state);
    }
    if (final) final.set(this, this.#stacked(end));
    return this.returnSequences ? { rows, plan } : { rows: end.at(-1)?.h as Tensor };
  }

  protected create(before: number | undefined, seed: Seed, index: number): void {
    const inputSize = this.settleInputSize(this.#options.inputSize, before);
    const own = this.#options.seed ?? seed;
    for (let layer = 0; layer < this.layers; layer++) {
      this.#weights.push(this.#createWeights(layer, layer === 0 ? inputSize : this.units, own, index));
    }
    this.#random = Array.from(
      { length: this.layers - 1 },
      (_, layer) => new RandomStream(own, "dropout", streamOf(index, layer)),
    );
  }

  /** Each gate's own block begins as Glorot uniform (input) and orthogonal (recurrent). */
  #createWeights(layer: number, inputSize: number, seed: Seed, index: number): Record<WeightName, Parameter> {
    const { gates, initialBias } = this.#cell;
    const { units } = this;
    const shapes = weightShapes(this.#cell, inputSize, units);
    const initialValues: Record<WeightName, (random: RandomStream) => ArrayLike<number>> = {
      weight_ih: (random) => blocks(gates, () => glorotUniform(units, inputSize, random)),
      weight_hh: (random) => blocks(gates, () => orthogonal(units, random)),
      bias_ih: () => initialBias?.(units) ?? new Float64Array(gates * units),
      bias_hh: () => new Float64Array(gates * units),
    };
    const made = WEIGHT_NAMES.map((name, number) => {
      const random = new RandomStream(seed, "initialisation", streamOf(index, layer * WEIGHT_NAMES.length + number));
      return [name, this.addParameter(`${name}_l${layer}`, shapes[name], () => initialValues[name](random))];
    });
    return Object.fromEntries(made);
  }

  /** One layer's part of each state. */
  #initialStates(state: InitialState | undefined, batch: number): CellState[] {
    if (!state) return [];
    checkKnown(`${this.kind}: initialState`, state, this.states);
    const expected = [this.layers, batch, this.units];
    return Array.from({ length: this.layers }, (_, layer) => {
      const parts = Object.entries(state).map(([name, value]) => {
        const resident = value as Tensor;
        if (!sameShape(resident.shape, expected)) {
          throw new UnrolledError(
            "UNROLLED_SHAPE",
            `${this.kind}: state \`${name}\` must be [layers, batch, units] = ${formatShape(expected)}, ` +
              `received ${formatShape(resident.shape)}.`,
          );
        }
        return [name, reshape(slice(resident, 0, layer, layer + 1), [batch, this.units])];
      });
      return Object.fromEntries(parts);
    });
  }

  #stacked(states: readonly CellState[]): LayerState {
    const entries = this.states.map((name) => [name, stack(states.map((state) => state[name] as Tensor))]);
    return Object.fromEntries(entries) as unknown as LayerState;
  }
}

/** One block for each gate, one after another. */
function blocks(gates: number, make: () => Float64Array): Float64Array {
  const made = Array.from({ length: gates }, make);
  const all = new Float64Array(made.reduce((length, block) => length + block.length, 0));
  for (const [gate, block] of made.entries()) all.set(block, gate * block.length);
  return all;
}
