import type { Scope } from "../autograd/scope.js";
import type { Commands } from "../engine/threads/threads.js";
import type { Address } from "../memory/memory.js";
import type { Tensor } from "../tensor/tensor.js";
import type { CellRun, StartRun, Step, StepBlock } from "./cell.js";
import { type Part, rowsIn, wholeBatch } from "./parts.js";
import type { Direction, Tensors } from "./recurrent-cell.js";
import type { SequencePlan } from "./sequence-plan.js";
import { StateTrack } from "./state-track.js";

/**
 * A cell on its way through time, in one direction: what happens at a step, there and back. Every step is one of a part of the sequences, by the
 * kernels of the thread that carries it.
 */
export class Walk {
  readonly state: Tensors;
  /** h after each step, [rows, units]. */
  readonly output: Tensor;
  readonly inputs: readonly Tensor[];
  readonly run: CellRun;
  readonly #scope: Scope;
  readonly #plan: SequencePlan;
  readonly #direction: Direction;
  readonly #step: Step;
  readonly #block: StepBlock;
  /** Features of h and of c. */
  readonly #units: number;
  readonly #cells: number;
  readonly #h: StateTrack;
  readonly #c: StateTrack | undefined;
  readonly #masked: Address;
  #dh: Address = 0;
  #dc: Address = 0;
  #dMasked: Address = 0;

  /** @param stride how many steps are prepared at a time */
  constructor(
    scope: Scope,
    startRun: StartRun,
    sizes: Readonly<Record<string, number>>,
    x: Tensor,
    plan: SequencePlan,
    direction: Direction,
    stride: number,
  ) {
    const { weights, initial, reverse, recurrentMask, zoneout } = direction;
    const [units, cells] = [sizes.h as number, sizes.c ?? 0];
    this.#scope = scope;
    this.#plan = plan;
    this.#direction = direction;
    this.#units = units;
    this.#cells = cells;
    this.#h = new StateTrack(scope, plan, units, reverse, initial.h, zoneout.h);
    this.#c = cells > 0 ? new StateTrack(scope, plan, cells, reverse, initial.c, zoneout.c) : undefined;
    this.#masked = recurrentMask ? scope.engine.arena.allocate(plan.rows * units) : 0;
    const { kernels } = scope.engine;
    this.#block = { kernels, part: wholeBatch(plan), from: 0, to: 0, base: 0 };
    this.#step = {
      ...{ kernels, rows: 0, first: 0, kept: 0, sequence: 0 },
      ...{ hPrevious: 0, read: 0, h: 0, cPrevious: 0, c: 0, dh: 0, dc: 0, dRead: 0 },
    };
    this.run = startRun(scope, x, plan, weights, scope.recording ? plan.rows : Math.min(plan.rows, stride * plan.batch));
    this.output = scope.over(this.#h.values, [plan.rows, units]);
    this.state = { h: this.#h.final, ...(this.#c ? { c: this.#c.final } : {}) };
    this.inputs = [x, ...Object.values(weights), ...Object.values(initial)];
  }

  /** h before each step, [rows, units]. */
  get statesBefore(): Address {
    return this.#h.previous;
  }

  /** Goes on to the steps `from` to before `to` on the way. */
  enterBlock(from: number, to: number): void {
    const { steps, offsets } = this.#plan;
    const block = this.#block;
    [block.from, block.to] = this.#direction.reverse ? [steps - to, steps - from] : [from, to];
    block.base = this.#scope.recording ? 0 : (offsets[block.from] as number);
  }

  /** Computes what can be computed for all these steps at once. */
  prepare(commands: Commands, part: Part): void {
    this.#block.kernels = commands;
    this.#block.part = part;
    this.run.prepare(this.#block);
  }

  /** Goes to step `index` on the way, and fills the states before it. */
  enter(commands: Commands, part: Part, index: number): Step {
    const t = this.#direction.reverse ? this.#plan.steps - 1 - index : index;
    const step = this.#moveTo(commands, part, t);
    if (step.rows === 0) return step;
    this.#h.enter(commands, part, t);
    this.#c?.enter(commands, part, t);
    return step;
  }

  /** Step `index` on the way. */
  forward(commands: Commands, part: Part, index: number): void {
    const step = this.enter(commands, part, index);
    if (step.rows > 0) this.leave(commands, part, index);
  }

  /** What is left of the step that was entered last: the states after it. */
  leave(commands: Commands, part: Part, index: number): void {
    const { reverse, recurrentMask: mask } = this.#direction;
    const t = reverse ? this.#plan.steps - 1 - index : index;
    const step = this.#step;
    if (mask) commands.multiply(step.rows * this.#units, step.hPrevious, mask.address + part.from * this.#units, step.read);
    this.run.forward(step);
    this.#h.leave(commands, part, t);
    this.#c?.leave(commands, part, t);
  }

  beginBackward(): void {
    const { batch } = this.#plan;
    const { h, c } = this.state;
    this.#dh = this.#copyOrZeros(h?.gradient, batch * this.#units);
    this.#dc = this.#copyOrZeros(c?.gradient, batch * this.#cells);
    this.#dMasked = this.#masked ? this.#scope.engine.arena.allocate(batch * this.#units) : 0;
    this.run.beginBackward();
  }

  /** Step `index` on the way back; where it leaves the derivative by h' is in the step. */
  backward(commands: Commands, part: Part, index: number): Step {
    const { reverse, recurrentMask: mask } = this.#direction;
    const t = reverse ? index : this.#plan.steps - 1 - index;
    const step = this.#moveTo(commands, part, t);
    if (step.rows === 0) return step;
    const size = step.rows * this.#units;
    const first = part.from * this.#units;
    step.dh = this.#dh + first;
    step.dc = this.#dc + part.from * this.#cells;
    step.dRead = mask ? this.#dMasked + first : step.dh;
    const { gradient } = this.output;
    if (gradient) commands.addScaled(size, 1, gradient + step.first * this.#units, step.dh);
    this.#h.leaveBackward(commands, part, t, this.#dh);
    this.#c?.leaveBackward(commands, part, t, this.#dc);
    if (mask) commands.fill(size, 0, step.dRead);
    this.run.backward(step);
    if (mask) commands.multiplyAdd(size, step.dRead, mask.address + first, step.dh);
    this.#h.enterBackward(commands, part, t, this.#dh);
    this.#c?.enterBackward(commands, part, t, this.#dc);
    return step;
  }

  /** When the way back is done: the gradients of everything but the steps. */
  addGradients(): void {
    const { kernels } = this.#scope.engine;
    const { batch, rows } = this.#plan;
    const { h, c } = this.#direction.initial;
    this.run.addGradients(this.#pointTo(kernels, rows, 0, 0));
    if (h?.tracked) kernels.addScaled(batch * this.#units, 1, this.#dh, this.#scope.gradientOf(h));
    if (c?.tracked) kernels.addScaled(batch * this.#cells, 1, this.#dc, this.#scope.gradientOf(c));
  }

  /** A part's rows of step t; none where none of its sequences runs then. */
  #moveTo(commands: Commands, part: Part, t: number): Step {
    const { sizes, offsets } = this.#plan;
    return this.#pointTo(commands, rowsIn(part, sizes[t] as number), (offsets[t] as number) + part.from, part.from);
  }

  #pointTo(commands: Commands, count: number, first: number, sequence: number): Step {
    const step = this.#step;
    step.kernels = commands;
    step.rows = count;
    step.first = first;
    step.kept = first - this.#block.base;
    step.sequence = sequence;
    step.hPrevious = this.#h.previous + first * this.#units;
    step.read = this.#masked ? this.#masked + first * this.#units : step.hPrevious;
    step.h = this.#h.fresh + first * this.#units;
    if (!this.#c) return step;
    step.cPrevious = this.#c.previous + first * this.#cells;
    step.c = this.#c.fresh + first * this.#cells;
    return step;
  }

  #copyOrZeros(from: Address | undefined, length: number): Address {
    const { kernels, arena } = this.#scope.engine;
    const copy = arena.allocate(length);
    if (from) kernels.copyRows(1, length, from, 0, copy, 0);
    else kernels.fill(length, 0, copy);
    return copy;
  }
}
