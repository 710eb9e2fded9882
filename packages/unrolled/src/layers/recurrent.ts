import { stack } from "../autograd/ops/concat.js";
import { dropout } from "../autograd/ops/dropout.js";
import { reshape } from "../autograd/ops/reshape.js";
import { selectRows } from "../autograd/ops/rows.js";
import { slice } from "../autograd/ops/slice.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import type { Carried, Direction, RecurrentCell, Tensors } from "../cells/recurrent-cell.js";
import { dropSteps, maskSequences, sequenceMask } from "../cells/sequence-mask.js";
import type { SequencePlan } from "../cells/sequence-plan.js";
import { UnrolledError } from "../errors.js";
import type { Parameter } from "../tensor/parameter.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import { formatShape, type Shape, sameShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { CarriedState } from "./carried-state.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, type LayerState, type Passage, streamOf } from "./layer.js";
import { MERGES, type Merge, merge } from "./merge.js";
import { checkChoice, checkCount, checkKnown, checkRate } from "./options.js";
import { RECURRENT_OPTIONS, type RecurrentOptions, zoneoutRates } from "./recurrent-options.js";

/** States from outside, each `[layers·directions, batch, units]`, index 2·layer + direction where there are two. */
export type InitialState<S extends string = string> = { readonly [N in S]?: Operand };

/** What a stack draws random numbers for. */
type Draw = "dropout" | "inputDropout" | "recurrentDropout" | "weightDropout" | "zoneout";

/** A stack of layers of one recurrent cell, whose states are called S. */
export class Recurrent<S extends string = string> extends Layer {
  readonly kind: string;
  /** H, features of the hidden state. */
  readonly units: number;
  /** How many are stacked. */
  readonly layers: number;
  /** Dropout on what one stacked layer hands to the next. */
  readonly dropout: number;
  /** Dropout on the input, one mask a sequence. */
  readonly inputDropout: number;
  /** Dropout on h', one mask a sequence. */
  readonly recurrentDropout: number;
  /** Dropout on the recurrent weights. */
  readonly weightDropout: number;
  /** Probability that a unit keeps its state of the step before, for each state. */
  readonly zoneout: Readonly<Record<string, number>>;
  /** How both directions are merged; undefined for forward only. */
  readonly bidirectional: Merge | undefined;
  /** Whether it reads each sequence from its end to its beginning. */
  readonly goBackwards: boolean;
  /** Whether it begins with the states that the batch before left. */
  readonly stateful: boolean;
  /** Whether it gives the hidden state of every step instead of the last. */
  readonly returnSequences: boolean;
  readonly #cell: RecurrentCell;
  readonly #options: RecurrentOptions<S>;
  /** By layer and direction: 2·layer + direction, or layer. */
  readonly #weights: Readonly<Record<string, Parameter>>[] = [];
  readonly #random = new Map<string, RandomStream>();
  #carried: CarriedState | undefined;
  #inputSize: number | undefined;

  constructor(cell: RecurrentCell, options: RecurrentOptions<S>, ownOptions: readonly string[] = []) {
    super();
    const { name } = cell;
    this.kind = name;
    checkKnown(name, options, [...RECURRENT_OPTIONS, ...ownOptions]);
    this.units = checkCount(name, "units", options.units);
    this.layers = checkCount(name, "layers", options.layers ?? 1);
    this.dropout = checkRate(name, "dropout", options.dropout ?? 0);
    this.inputDropout = checkRate(name, "inputDropout", options.inputDropout ?? 0);
    this.recurrentDropout = checkRate(name, "recurrentDropout", options.recurrentDropout ?? 0);
    this.weightDropout = checkRate(name, "weightDropout", options.weightDropout ?? 0);
    this.zoneout = zoneoutRates(name, Object.keys(cell.states(this.units)), options.zoneout ?? 0);
    this.bidirectional =
      options.bidirectional === undefined ? undefined : checkChoice(name, "bidirectional", options.bidirectional, MERGES);
    this.goBackwards = options.goBackwards ?? false;
    this.stateful = options.stateful ?? false;
    this.returnSequences = options.returnSequences ?? false;
    this.trainable = options.trainable ?? true;
    if (options.inputSize !== undefined) checkCount(name, "inputSize", options.inputSize);
    this.#cell = cell;
    this.#options = options;
    this.#checkTogether();
  }

  /** Directions in which a sequence is read, 1 or 2. */
  get directions(): number {
    return this.bidirectional ? 2 : 1;
  }

  get outputSize(): number {
    const own = this.#cell.outputSize(this.units);
    return this.bidirectional === "concat" ? 2 * own : own;
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
    return [...this.#random.values()];
  }

  /** The names of the states it carries, in order: `h`, and for the LSTM also `c`. */
  get states(): readonly S[] {
    return Object.keys(this.#cell.states(this.units)) as S[];
  }

  /** @internal Features of a state. */
  stateSize(name: string): number {
    return this.#cell.states(this.units)[name] as number;
  }

  /**
   * Reads a batch of sequences.
   *
   * `x: [batch, time, inputs]` → `output: [batch, time, features]` with `returnSequences`, 0 past a sequence's end, else
   * `[batch, features]`, each direction's own last step; features are `units`, or 2·`units` for `concat`. `state`: `h` (and `c`) after
   * each sequence's last step, `[layers·directions, batch, units]`.
   *
   * @throws {UnrolledError} `UNROLLED_SHAPE` where the input, the lengths or a state don't fit.
   */
  apply(
    x: Operand,
    options: { initialState?: InitialState<S>; lengths?: ArrayLike<number> } = {},
  ): { output: Tensor; state: LayerState<S> } {
    checkKnown(`${this.kind}.apply`, options, ["initialState", "lengths"]);
    if (options.initialState !== undefined) checkKnown(`${this.kind}: initialState`, options.initialState, this.states);
    return inScope((scope) => {
      const flow = toRows(scope, this.kind, scope.use(x), this.input, options.lengths);
      const final = new Map<Layer, LayerState>();
      const given = Object.entries<Operand>((options.initialState ?? {}) as Record<string, Operand>).map(([name, value]) => [
        name,
        scope.use(value),
      ]);
      const initial = new Map(this.carriedInto(scope, flow.plan?.batch ?? 0));
      if (given.length > 0) initial.set(this, Object.fromEntries(given) as LayerState);
      const output = fromRows(scope, this.forward(scope, flow, { training: scope.recording, initial, final }));
      this.carry(final);
      return { output, state: final.get(this) as LayerState<S> };
    }, this.engine);
  }

  /** Forgets the states that a `stateful` layer carries: the next batch begins at 0. */
  reset(): void {
    this.#carried = undefined;
  }

  /** @internal The states that a `stateful` layer goes on from, if there are any. */
  carriedInto(scope: Scope, batch: number): Map<Layer, LayerState> {
    if (!this.#carried) return new Map();
    if (this.#carried.batch === batch) return this.#carried.initial(scope);
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${this.kind}: it is stateful and carries states of ${this.#carried.batch} sequences, received ${batch}; call reset() first.`,
    );
  }

  /** @internal Keeps the states of a pass, where the layer is `stateful`. */
  carry(final: ReadonlyMap<Layer, LayerState>): void {
    if (!this.stateful) return;
    this.#carried ??= new CarriedState(this.engine, [this], Object.values(final.get(this) as LayerState)[0]?.shape[1] as number);
    this.#carried.keep(final);
  }

  forward(scope: Scope, flow: Flow, { training, initial, final }: Passage): Flow {
    const { plan } = flow;
    if (!plan) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `${this.kind}: it reads sequences, but \`x\` has no time; feed [batch, time, …].`,
      );
    }
    const begin = this.#initialStates(scope, initial?.get(this), plan);
    const end: Carried[] = [];
    let rows = this.goBackwards ? selectRows(scope, flow.rows, plan.mirrored) : flow.rows;
    if (training && this.inputDropout > 0) rows = this.#masked(scope, rows, plan, this.inputDropout, "inputDropout");
    for (let layer = 0; layer < this.layers; layer++) {
      if (layer > 0 && training && this.dropout > 0)
        rows = dropSteps(scope, rows, plan, this.dropout, this.#draw("dropout", layer));
      const directions = Array.from({ length: this.directions }, (_, direction) => {
        const place = layer * this.directions + direction;
        return this.#direction(scope, plan, place, direction === 1, begin[place] ?? {}, training);
      });
      const read = this.#cell.carry(scope, rows, plan, this.units, directions);
      end.push(...read);
      rows = this.#merged(read.map(({ output }) => output));
    }
    const { places } = plan;
    final?.set(this, this.#stacked(end.map(({ state }) => (places ? reordered(scope, state, places) : state))));
    if (this.returnSequences) return { rows, plan };
    const last = this.#merged(end.slice(-this.directions).map((carried) => carried.last));
    return { rows: places ? selectRows(scope, last, places) : last };
  }

  /** What one layer is carried with in one direction. */
  #direction(scope: Scope, plan: SequencePlan, place: number, reverse: boolean, initial: Tensors, training: boolean): Direction {
    const own = Object.entries(this.#weights[place] ?? {}).map(([name, parameter]): [string, Tensor] => {
      const weight = scope.use(parameter);
      const drops = training && this.weightDropout > 0 && name === this.#cell.recurrentWeight;
      return [name, drops ? dropout(weight, this.weightDropout, this.#draw("weightDropout", place)) : weight];
    });
    const recurrentMask =
      training && this.recurrentDropout > 0
        ? sequenceMask(scope, plan, this.stateSize("h"), this.recurrentDropout, this.#draw("recurrentDropout", place))
        : undefined;
    return {
      ...{ weights: Object.fromEntries(own), initial, reverse },
      ...(recurrentMask ? { recurrentMask } : {}),
      zoneout: this.#zoneoutOf(scope, plan, place, training),
    };
  }

  /** How much of each state's new value is taken: in training 0 or 1 for each unit, otherwise the expected share. */
  #zoneoutOf(scope: Scope, plan: SequencePlan, place: number, training: boolean): Tensors {
    const taken = Object.entries(this.zoneout).flatMap(([name, rate], index): [string, Tensor][] => {
      if (rate === 0) return [];
      const all = scope.empty([plan.rows, this.stateSize(name)]);
      scope.engine.kernels.fill(all.size, 1 - rate, all.address);
      return [[name, training ? dropSteps(scope, all, plan, rate, this.#draw("zoneout", 2 * place + index)) : all]];
    });
    return Object.fromEntries(taken);
  }

  #masked(scope: Scope, rows: Tensor, plan: SequencePlan, rate: number, draw: Draw): Tensor {
    return maskSequences(scope, rows, plan, sequenceMask(scope, plan, rows.shape[1] as number, rate, this.#draw(draw, 0)));
  }

  #merged(directions: readonly Tensor[]): Tensor {
    const [forward, backward] = directions as [Tensor, Tensor | undefined];
    return this.bidirectional && backward ? merge(this.bidirectional, forward, backward) : forward;
  }

  protected create(before: number | undefined, seed: Seed, index: number): void {
    const inputSize = this.settleInputSize(this.#options.inputSize, before);
    this.#inputSize = inputSize;
    const own = this.#options.seed ?? seed;
    for (let layer = 0; layer < this.layers; layer++) {
      for (let direction = 0; direction < this.directions; direction++) {
        const suffix = `_l${layer}${direction === 1 ? "_reverse" : ""}`;
        this.#weights.push(this.#createWeights(suffix, layer === 0 ? inputSize : this.outputSize, own, index));
      }
    }
    for (const [draw, users] of this.#drawing()) {
      for (let user = 0; user < users; user++) {
        this.#random.set(`${draw} ${user}`, new RandomStream(own, "dropout", streamOf(index, this.#random.size)));
      }
    }
  }

  /** What is drawn for, and by how many; an option that is off draws nothing. */
  #drawing(): [draw: Draw, users: number][] {
    const places = this.layers * this.directions;
    const drawing: [Draw, number, boolean][] = [
      ["dropout", this.layers, this.dropout > 0],
      ["inputDropout", 1, this.inputDropout > 0],
      ["recurrentDropout", places, this.recurrentDropout > 0],
      ["weightDropout", places, this.weightDropout > 0],
      ["zoneout", 2 * places, Object.values(this.zoneout).some((rate) => rate > 0)],
    ];
    return drawing.filter(([, , on]) => on).map(([draw, users]) => [draw, users]);
  }

  #draw(draw: Draw, user: number): RandomStream {
    return this.#random.get(`${draw} ${user}`) as RandomStream;
  }

  #checkTogether(): void {
    const { kind, dropout, layers, bidirectional, stateful, goBackwards } = this;
    const problem = (text: string) => new UnrolledError("UNROLLED_VALUE", `${kind}: ${text}.`);
    if (dropout > 0 && layers === 1) {
      throw problem(
        `\`dropout\` acts between stacked layers, received ${dropout} for one layer; set layers: 2, or put dropout(${dropout}) behind it`,
      );
    }
    const needsFused = (["recurrentDropout", "weightDropout"] as const).find((name) => this[name] > 0);
    const zonesOut = Object.values(this.zoneout).some((rate) => rate > 0);
    if (this.#cell.recurrentWeight === undefined && (needsFused || zonesOut)) {
      throw problem(`\`${needsFused ?? "zoneout"}\` acts inside the built-in cells; write it into the cell's own step`);
    }
    if (bidirectional && stateful) {
      throw problem(
        "`stateful` needs a state that the next batch goes on from, and the backward direction begins at the end; drop one",
      );
    }
    if (bidirectional && goBackwards) {
      throw problem("`goBackwards` has no meaning with `bidirectional`, which reads both ways already; drop one");
    }
  }

  #createWeights(suffix: string, inputSize: number, seed: Seed, index: number): Readonly<Record<string, Parameter>> {
    const specifications = Object.entries(this.#cell.weights(inputSize, this.units));
    const first = this.#weights.length * specifications.length;
    const made = specifications.map(([name, { shape, initialValues }], number): [string, Parameter] => {
      const random = new RandomStream(seed, "initialisation", streamOf(index, first + number));
      return [name, this.addParameter(`${name}${suffix}`, shape, () => initialValues(random))];
    });
    return Object.fromEntries(made);
  }

  /** Each layer's and direction's part of each state, in the plan's order. */
  #initialStates(scope: Scope, state: Tensors | undefined, plan: SequencePlan): Tensors[] {
    if (!state) return [];
    checkKnown(`${this.kind}: initialState`, state, this.states);
    const places = this.layers * this.directions;
    return Array.from({ length: places }, (_, place) => {
      const parts = Object.entries(state).map(([name, value]): [string, Tensor] => {
        const features = this.stateSize(name);
        this.#checkState(name, value.shape, [places, plan.batch, features]);
        return [name, reshape(slice(value, 0, place, place + 1), [plan.batch, features])];
      });
      const own: Tensors = Object.fromEntries(parts);
      return plan.order ? reordered(scope, own, plan.order) : own;
    });
  }

  #checkState(name: string, shape: Shape, expected: Shape): void {
    if (sameShape(shape, expected)) return;
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${this.kind}: state \`${name}\` must be [layers${this.bidirectional ? "·directions" : ""}, batch, units] = ` +
        `${formatShape(expected)}, received ${formatShape(shape)}.`,
    );
  }

  #stacked(states: readonly Tensors[]): LayerState {
    return Object.fromEntries(this.states.map((name) => [name, stack(states.map((state) => state[name] as Tensor))]));
  }
}

function reordered(scope: Scope, state: Tensors, order: Int32Array): Tensors {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [name, selectRows(scope, value, order)]));
}
