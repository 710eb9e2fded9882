import type { Scope } from "../autograd/scope.js";
import type { Kernels } from "../engine/kernels.js";
import type { Address } from "../memory/memory.js";
import type { Tensor } from "../tensor/tensor.js";
import type { SequencePlan } from "./sequence-plan.js";

/**
 * A state through time: its value after each step, and, row for row, the value before it.
 *
 * Where all sequences have the same length the two overlap in memory, one step apart, and nothing is copied. Otherwise the rows before a
 * step are copied from the step that was carried out before, and from the initial state for sequences that begin.
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
  readonly #kernels: Kernels;
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
    this.#kernels = kernels;
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
  enter(t: number): void {
    if (this.#initial === 0) return;
    const { sizes, offsets } = this.#plan;
    const before = this.#reverse ? t + 1 : t - 1;
    const count = sizes[t] as number;
    const going = Math.min(count, sizes[before] ?? 0);
    const target = this.previous + (offsets[t] as number) * this.#units;
    const from = this.values + (offsets[before] ?? 0) * this.#units;
    this.#copy(going, from, target);
    this.#copy(count - going, this.#initial + going * this.#units, target + going * this.#units);
  }

  /** After step t: mixes what the cell computed with what was before, and keeps the states of sequences that end here. */
  leave(t: number): void {
    if (this.#taken) this.#mix(t, this.#taken);
    if (this.#initial === 0) return;
    const { sizes, offsets } = this.#plan;
    const after = this.#reverse ? t - 1 : t + 1;
    const count = sizes[t] as number;
    const going = after < 0 ? 0 : Math.min(count, sizes[after] ?? 0);
    const from = this.values + ((offsets[t] as number) + going) * this.#units;
    this.#copy(count - going, from, this.final.address + going * this.#units);
  }

  /** On the way back, before the cell's derivative at step t: the part of d that reaches its new value; the rest is set aside. */
  leaveBackward(t: number, d: Address): void {
    if (!this.#taken) return;
    const { first, size } = this.#rowsOf(t);
    this.#kernels.copyRows(1, size, d, 0, this.#scratch, 0);
    this.#kernels.multiply(size, d, this.#taken.address + first, d);
    this.#kernels.subtract(size, this.#scratch, d, this.#scratch);
  }

  /** After it: adds what was set aside, which reaches the value before directly. */
  enterBackward(t: number, d: Address): void {
    if (this.#taken) this.#kernels.addScaled(this.#rowsOf(t).size, 1, this.#scratch, d);
  }

  /** value = before + taken⊙(new − before) */
  #mix(t: number, taken: Tensor): void {
    const { first, size } = this.#rowsOf(t);
    const [before, value] = [this.previous + first, this.values + first];
    this.#kernels.subtract(size, this.fresh + first, before, this.#scratch);
    this.#kernels.copyRows(1, size, before, 0, value, 0);
    this.#kernels.multiplyAdd(size, this.#scratch, taken.address + first, value);
  }

  #rowsOf(t: number): { first: number; size: number } {
    const { sizes, offsets } = this.#plan;
    return { first: (offsets[t] as number) * this.#units, size: (sizes[t] as number) * this.#units };
  }

  #copy(rows: number, from: Address, to: Address): void {
    if (rows > 0) this.#kernels.copyRows(1, rows * this.#units, from, 0, to, 0);
  }
}
