import type { Scope } from "../autograd/scope.js";
import type { Commands } from "../engine/threads/threads.js";
import type { Address } from "../memory/memory.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Part, rowsIn } from "./parts.js";
import type { SequencePlan } from "./sequence-plan.js";

/**
 * A state through time: its value after each step, and, row for row, the value before it.
 *
 * Where all sequences have the same length the two overlap in memory, one step apart, and nothing is copied. Otherwise the rows before a
 * step are copied from the step that was carried out before, and from the initial state for sequences that begin. What happens at a step
 * happens to a part of the sequences, by the kernels of the thread that carries it.
 */
export class StateTrack {
  /** After each step, [rows, units]. */
  readonly values: Address;
  /** What the cell computes at each step, before zoneout mixes it with the value before: `values` itself where there is no zoneout. */
  readonly fresh: Address;
  /** Before each step, [rows, units]. */
  readonly previous: Address;
  /** After each sequence's last step, [batch, units]. */
  readonly final: Tensor;
  readonly #plan: SequencePlan;
  readonly #units: number;
  readonly #reverse: boolean;
  readonly #initial: Address;
  readonly #taken: Tensor | undefined;
  /** Memory for the rows of one step. */
  readonly #scratch: Address;

  /** @param taken [rows, units]: how much of the new value is taken, the rest being kept from before; all of it by default */
  constructor(
    scope: Scope,
    plan: SequencePlan,
    units: number,
    reverse: boolean,
    initial: Tensor | undefined,
    taken: Tensor | undefined,
  ) {
    const { kernels, arena } = scope.engine;
    const { batch, rows, steps } = plan;
    const size = batch * units;
    this.#plan = plan;
    this.#units = units;
    this.#reverse = reverse;
    this.#taken = taken;
    this.#scratch = taken ? arena.allocate(size) : 0;
    const apart = taken ? arena.allocate(rows * units) : 0;
    if (plan.order) {
      this.values = arena.allocate(rows * units);
      this.previous = arena.allocate(rows * units);
      this.#initial = initial?.address ?? scope.zeros([batch, units]).address;
      this.final = scope.empty([batch, units]);
      this.fresh = apart || this.values;
      return;
    }
    const blocks = arena.allocate((rows + batch) * units);
    const [first, afterFirst] = [blocks, blocks + size];
    this.values = reverse ? first : afterFirst;
    this.previous = reverse ? afterFirst : first;
    this.fresh = apart || this.values;
    this.#initial = 0;
    const begin = reverse ? blocks + steps * size : blocks;
    if (initial) kernels.copyRows(1, size, initial.address, 0, begin, 0);
    else kernels.fill(size, 0, begin);
    this.final = scope.over(reverse ? blocks : blocks + steps * size, [batch, units]);
  }

  /** Before step t: fills the rows before it. */
  enter(kernels: Commands, part: Part, t: number): void {
    if (this.#initial === 0) return;
    const { sizes } = this.#plan;
    const before = this.#reverse ? t + 1 : t - 1;
    const count = rowsIn(part, sizes[t] as number);
    const going = Math.min(count, rowsIn(part, sizes[before] ?? 0));
    const target = this.previous + this.#first(part, t);
    this.#copy(kernels, going, this.values + this.#first(part, before), target);
    this.#copy(kernels, count - going, this.#initial + (part.from + going) * this.#units, target + going * this.#units);
  }

  /** After step t: mixes what the cell computed with what was before, and keeps the states of sequences that end here. */
  leave(kernels: Commands, part: Part, t: number): void {
    if (this.#taken) this.#mix(kernels, part, t, this.#taken);
    if (this.#initial === 0) return;
    const { sizes } = this.#plan;
    const count = rowsIn(part, sizes[t] as number);
    const going = Math.min(count, rowsIn(part, sizes[this.#reverse ? t - 1 : t + 1] ?? 0));
    const from = this.values + this.#first(part, t) + going * this.#units;
    this.#copy(kernels, count - going, from, this.final.address + (part.from + going) * this.#units);
  }

  /**
   * On the way back, before the cell's derivative at step t: the part of d that reaches its new value; the rest is set aside.
   *
   * @param d [batch, units]
   */
  leaveBackward(kernels: Commands, part: Part, t: number, d: Address): void {
    if (!this.#taken) return;
    const size = this.#sizeOf(part, t);
    const [at, aside] = [d + part.from * this.#units, this.#scratch + part.from * this.#units];
    kernels.copyRows(1, size, at, 0, aside, 0);
    kernels.multiply(size, at, this.#taken.address + this.#first(part, t), at);
    kernels.subtract(size, aside, at, aside);
  }

  /** After it: adds what was set aside, which reaches the value before directly. */
  enterBackward(kernels: Commands, part: Part, t: number, d: Address): void {
    if (!this.#taken) return;
    const first = part.from * this.#units;
    kernels.addScaled(this.#sizeOf(part, t), 1, this.#scratch + first, d + first);
  }

  /** value = before + taken⊙(new − before) */
  #mix(kernels: Commands, part: Part, t: number, taken: Tensor): void {
    const first = this.#first(part, t);
    const size = this.#sizeOf(part, t);
    const difference = this.#scratch + part.from * this.#units;
    kernels.subtract(size, this.fresh + first, this.previous + first, difference);
    kernels.copyRows(1, size, this.previous + first, 0, this.values + first, 0);
    kernels.multiplyAdd(size, difference, taken.address + first, this.values + first);
  }

  /** Where a part's rows of step t begin, from the first row on. */
  #first(part: Part, t: number): number {
    return ((this.#plan.offsets[t] ?? 0) + part.from) * this.#units;
  }

  #sizeOf(part: Part, t: number): number {
    return rowsIn(part, this.#plan.sizes[t] as number) * this.#units;
  }

  #copy(kernels: Commands, rows: number, from: Address, to: Address): void {
    if (rows > 0) kernels.copyRows(1, rows * this.#units, from, 0, to, 0);
  }
}
