import type { Scope } from "../../autograd/scope.js";
import { PRODUCT_SPEED } from "../../engine/threads/splits.js";
import type { Commands } from "../../engine/threads/threads.js";
import type { Address } from "../../memory/memory.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Cell, RowRange, Step } from "../cell.js";
import { gateRun } from "../gate-run.js";
import { type Part, rowsIn } from "../parts.js";
import { Product } from "../product.js";
import type { Direction, Tensors } from "../recurrent-cell.js";
import type { SequencePlan } from "../sequence-plan.js";
import { StateTrack } from "../state-track.js";
import { Walk } from "../walk.js";
import { WeightRows } from "../weight-rows.js";
import { type Attended, AttentionRun } from "./attention-run.js";

/** What a decoder is carried through time with. */
export interface DecoderParts {
  readonly cell: Cell;
  readonly units: number;
  /** The stacked layers, the one that reads x first; that one has `weight_fed`, too, where something is fed. */
  readonly layers: readonly Direction[];
  readonly memory: Attended;
  /** Of additive scores: `weight_query`, `bias_query` and `energy`. */
  readonly attention: Tensors;
  /** Whether the state before a step asks, and its cell reads the answer (Bahdanau), instead of the state after it. */
  readonly asksBefore: boolean;
  /** Whether what a step gives is fed to the next one (input feeding). */
  readonly feeds: boolean;
  /** What the first step is fed, [batch, units]; zeros where it is left out. */
  readonly firstFed: Tensor | undefined;
  /** `weight_context` [units, width] and `weight_hidden` [units, units]. */
  readonly readout: Tensors;
  /** [rows, units], one for each layer but the first: what its input is multiplied by. None where there is no dropout. */
  readonly masks: readonly Tensor[];
  /** [rows, units]: what the output is multiplied by. */
  readonly outputMask: Tensor | undefined;
}

/**
 * A decoder on its way through time: stacked layers of a cell, attention, and what both are read out to.
 *
 *   h_t = cells([x_t; h̃_{t−1}], h_{t−1})      c_t = attention(h_t)          Luong et al. 2015, with input feeding
 *   c_t = attention(h_{t−1})                  h_t = cells([x_t; c_t], h_{t−1})      Bahdanau et al. 2015
 *   h̃_t = tanh(W_c c_t + W_h h_t)
 */
export class DecoderWalk {
  /** h̃ of all steps, [rows, units]. */
  readonly output: Tensor;
  /** h̃ after each sequence's last step, [batch, units], where it is fed. */
  readonly lastFed: Tensor | undefined;
  readonly walks: readonly Walk[];
  readonly attention: AttentionRun;
  readonly inputs: readonly Tensor[];
  /** About how many nanoseconds its products take. */
  readonly work: number;
  readonly #scope: Scope;
  readonly #plan: SequencePlan;
  readonly #parts: DecoderParts;
  /** Keeps h̃ for the next step, where it is fed. */
  readonly #track: StateTrack | undefined;
  /** What the first layer is fed, [rows, …]. */
  readonly #fed: Tensor | undefined;
  /** What each layer reads; of those above the first. */
  readonly #between: readonly Tensor[];
  readonly #context: Product;
  readonly #hidden: Product;
  /** h̃ before dropout, [rows, units], and the derivative by what the tanh is taken of. */
  readonly #undropped: Address;
  #dBefore: Address = 0;
  /** The derivative by h̃ of one step, [batch, units]. */
  #dOutput: Address = 0;
  readonly #range: RowRange;

  /** @param stride how many steps the first layer prepares at a time */
  constructor(scope: Scope, x: Tensor, plan: SequencePlan, parts: DecoderParts, stride: number) {
    const { cell, units, layers, memory, readout, masks, outputMask, firstFed } = parts;
    this.#scope = scope;
    this.#plan = plan;
    this.#parts = parts;
    this.attention = new AttentionRun(scope, plan, memory, parts.attention);
    this.#track = parts.feeds ? new StateTrack(scope, plan, units, false, firstFed, undefined) : undefined;
    this.output = this.#track ? scope.over(this.#track.values, [plan.rows, units]) : scope.empty([plan.rows, units]);
    this.lastFed = this.#track?.final;
    this.#undropped = outputMask ? scope.engine.arena.allocate(plan.rows * units) : this.output.address;
    if (this.#track) this.#fed = scope.over(this.#track.previous, [plan.rows, units]);
    else this.#fed = parts.asksBefore ? this.attention.context : undefined;
    const sizes = Object.fromEntries(cell.states.map((name) => [name, units]));
    const walks: Walk[] = [];
    const between: Tensor[] = [];
    for (const [layer, direction] of layers.entries()) {
      const below = walks.at(-1)?.output;
      const read = below && (masks[layer - 1] ? scope.empty(below.shape) : below);
      if (read) between.push(read);
      const run = gateRun(cell, read ? { x: true } : { fed: this.#fed });
      walks.push(new Walk(scope, run, sizes, read ?? x, plan, direction, stride));
    }
    this.walks = walks;
    this.#between = between;
    const product = (name: string) =>
      new Product(scope, plan, { weight: new WeightRows(scope, readout[name] as Tensor), biases: [] });
    [this.#context, this.#hidden] = [product("weight_context"), product("weight_hidden")];
    this.#range = { kernels: scope.engine.kernels, rows: 0, first: 0, kept: 0, sequence: 0 };
    const width = memory.values.shape[1] as number;
    this.work = walks.reduce((sum, { run }) => sum + run.work, (plan.rows * units * (units + width)) / PRODUCT_SPEED);
    this.inputs = [
      ...walks.flatMap(({ inputs }) => inputs),
      ...Object.values(parts.attention),
      ...Object.values(readout),
      ...[memory.keys, memory.values],
      ...(firstFed ? [firstFed] : []),
    ];
  }

  /** Goes on to the steps `from` to before `to`, and prepares what can be for all of them. */
  enterBlock(from: number, to: number, part: Part): void {
    for (const walk of this.walks) walk.enterBlock(from, to);
    this.#first.prepare(this.#scope.engine.kernels, part);
  }

  /** Step t. */
  forward(commands: Commands, part: Part, t: number): void {
    const { units, asksBefore, masks, outputMask } = this.#parts;
    const range = this.#moveTo(commands, part, t);
    if (range.rows === 0) return;
    const [from, size] = [range.first * units, range.rows * units];
    this.#track?.enter(commands, part, t);
    let query = 0;
    for (const walk of this.walks) query = walk.enter(commands, part, t).hPrevious;
    if (asksBefore) this.attention.forward(range, query);
    for (const [layer, walk] of this.walks.entries()) {
      const mask = masks[layer - 1];
      const read = this.#between[layer - 1];
      const below = this.walks[layer - 1]?.output;
      if (mask && read && below) commands.multiply(size, below.address + from, mask.address + from, read.address + from);
      walk.leave(commands, part, t);
    }
    const hidden = this.#last.output.address + from;
    if (!asksBefore) this.attention.forward(range, hidden);
    const undropped = this.#undropped + from;
    this.#context.write(range, this.attention.context.address + range.first * this.#width, undropped);
    this.#hidden.add(range, hidden, undropped);
    commands.tanh(size, undropped, undropped);
    if (outputMask) commands.multiply(size, undropped, outputMask.address + from, this.output.address + from);
    this.#track?.leave(commands, part, t);
  }

  beginBackward(): void {
    const { units } = this.#parts;
    const { rows, batch } = this.#plan;
    this.attention.beginBackward();
    this.#context.beginBackward();
    this.#hidden.beginBackward();
    this.#dOutput = this.#scope.engine.arena.allocate(batch * units);
    this.#dBefore = this.#scope.zeros([rows, units]).address;
    // a tensor that two of these are is one, and its gradient gathers what comes from both
    for (const own of [
      ...this.walks.map(({ output }) => output),
      ...this.#between,
      ...(this.#track && this.#fed ? [this.#fed] : []),
    ]) {
      if (own.gradient === 0) own.gradient = this.#scope.zeros(own.shape).address;
    }
    for (const walk of this.walks) walk.beginBackward();
  }

  /** Step `index` on the way back. */
  backward(commands: Commands, part: Part, index: number): void {
    const { units, asksBefore, masks } = this.#parts;
    const t = this.#plan.steps - 1 - index;
    const range = this.#moveTo(commands, part, t);
    if (range.rows === 0) return;
    const [from, size] = [range.first * units, range.rows * units];
    this.#gatherOutputGradient(commands, part, t);
    const dBefore = this.#dBefore + from;
    commands.tanhBackward(size, this.#undropped + from, this.#dOutput + part.from * units, dBefore);
    const { output: hidden } = this.#last;
    this.#context.backward(range, dBefore, this.attention.context.gradient + range.first * this.#width);
    this.#hidden.backward(range, dBefore, hidden.gradient + from);
    if (!asksBefore) this.attention.backward(range, hidden.address + from, hidden.gradient + from);
    let top: Step | undefined;
    for (let layer = this.walks.length - 1; layer >= 0; layer--) {
      const step = (this.walks[layer] as Walk).backward(commands, part, index);
      top ??= step;
      const mask = masks[layer - 1];
      const read = this.#between[layer - 1];
      const below = this.walks[layer - 1]?.output;
      if (mask && read && below) commands.multiplyAdd(size, read.gradient + from, mask.address + from, below.gradient + from);
    }
    // by then the first layer has added what reached it of the context
    if (asksBefore && top) this.attention.backward(range, top.hPrevious, top.dh);
  }

  /** When the way back is done: the gradients of everything but the steps. */
  addGradients(): void {
    const { firstFed, units } = this.#parts;
    const { kernels } = this.#scope.engine;
    for (const walk of this.walks) walk.addGradients();
    const hidden = this.#last.output.address;
    this.attention.addGradients(this.#parts.asksBefore ? this.#last.statesBefore : hidden);
    this.#context.addGradients(this.#dBefore, this.attention.context.address);
    this.#hidden.addGradients(this.#dBefore, hidden);
    if (firstFed?.tracked && this.#fed) {
      kernels.addScaled(this.#plan.batch * units, 1, this.#fed.gradient, this.#scope.gradientOf(firstFed));
    }
  }

  /** The derivative by h̃ of a part's rows of step t, before dropout: by the output, and by what the step after was fed. */
  #gatherOutputGradient(commands: Commands, part: Part, t: number): void {
    const { units, outputMask } = this.#parts;
    const { sizes, offsets } = this.#plan;
    const [rows, first] = [this.#range.rows, this.#range.first];
    const target = this.#dOutput + part.from * units;
    const { gradient } = this.output;
    if (gradient) commands.copyRows(1, rows * units, gradient + first * units, 0, target, 0);
    else commands.fill(rows * units, 0, target);
    if (this.#track && this.#fed) {
      const going = rowsIn(part, sizes[t + 1] ?? 0);
      const after = ((offsets[t + 1] ?? 0) + part.from) * units;
      if (going > 0) commands.addScaled(going * units, 1, this.#fed.gradient + after, target);
      const last = this.#track.final.gradient;
      const ended = (rows - going) * units;
      if (last && ended > 0) commands.addScaled(ended, 1, last + (part.from + going) * units, target + going * units);
    }
    if (outputMask) commands.multiply(rows * units, target, outputMask.address + first * units, target);
  }

  get #first(): Walk {
    return this.walks[0] as Walk;
  }

  get #last(): Walk {
    return this.walks.at(-1) as Walk;
  }

  get #width(): number {
    return this.attention.context.shape[1] as number;
  }

  /** A part's rows of step t. */
  #moveTo(commands: Commands, part: Part, t: number): RowRange {
    const { sizes, offsets } = this.#plan;
    const range = this.#range;
    range.kernels = commands;
    range.rows = rowsIn(part, sizes[t] as number);
    range.first = range.kept = (offsets[t] as number) + part.from;
    range.sequence = part.from;
    return range;
  }
}
