import { UnrolledError } from "../errors.js";

/**
 * How the rows of a batch of sequences lie in memory: time-major, all running sequences of step 0, then of step 1, … Sequences stand in
 * the order of descending length, so that those still running at a step are the first ones and no padded row exists.
 */
export class SequencePlan {
  readonly batch: number;
  /** Steps of the tensor from outside, padding included. */
  readonly time: number;
  /** Steps of the longest sequence. */
  readonly steps: number;
  /** Rows in all. */
  readonly rows: number;
  /** How many sequences run at each step. */
  readonly sizes: Int32Array;
  /** The first row of each step. */
  readonly offsets: Int32Array;
  /** Lengths, descending. */
  readonly lengths: Int32Array;
  /** Which sequence from outside stands at each place; undefined where all have the same length and none moved. */
  readonly order: Int32Array | undefined;

  private constructor(lengths: Int32Array, time: number, order: Int32Array | undefined) {
    this.batch = lengths.length;
    this.time = time;
    this.steps = lengths[0] ?? 0;
    this.lengths = lengths;
    this.order = order;
    this.sizes = new Int32Array(this.steps);
    this.offsets = new Int32Array(this.steps);
    let rows = 0;
    let running = this.batch;
    for (let t = 0; t < this.steps; t++) {
      while ((lengths[running - 1] as number) <= t) running--;
      this.sizes[t] = running;
      this.offsets[t] = rows;
      rows += running;
    }
    this.rows = rows;
  }

  /** All sequences run through all steps. The plan of the shape before is kept, since most batches are like the one before them. */
  static uniform(batch: number, time: number): SequencePlan {
    if (last?.batch !== batch || last.time !== time) last = new SequencePlan(new Int32Array(batch).fill(time), time, undefined);
    return last;
  }

  /** @throws {UnrolledError} `UNROLLED_SHAPE` where `lengths` is not one whole number from 1 to `time` for each sequence. */
  static of(where: string, lengths: ArrayLike<number>, batch: number, time: number): SequencePlan {
    if (lengths.length !== batch) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `${where}: \`lengths\` must have one entry for each of ${batch} sequences, received ${lengths.length}.`,
      );
    }
    const own = Array.from(lengths);
    const wrong = own.findIndex((length) => !Number.isInteger(length) || length < 1 || length > time);
    if (wrong >= 0) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `${where}: \`lengths\` must be whole numbers from 1 to ${time}, the steps of \`x\`, received ${own[wrong]} at position ${wrong}.`,
      );
    }
    if (own.every((length) => length === time)) return SequencePlan.uniform(batch, time);
    const order = Int32Array.from(own.keys()).sort((a, b) => (own[b] as number) - (own[a] as number) || a - b);
    return new SequencePlan(
      order.map((sequence) => own[sequence] as number),
      time,
      order,
    );
  }

  /** For each row, where it stands in a batch-first tensor: sequence · time + step. */
  get source(): Int32Array {
    return this.#eachRow((sequence, t) => sequence * this.time + t);
  }

  /** For each row, the row of the same sequence that is as far from its end as this one from its beginning. */
  get mirrored(): Int32Array {
    return this.#eachRow((_sequence, t, place) => {
      const mirror = (this.lengths[place] as number) - 1 - t;
      return (this.offsets[mirror] as number) + place;
    });
  }

  /** Where each sequence from outside stands; the inverse of `order`. */
  get places(): Int32Array | undefined {
    const { order } = this;
    if (!order) return undefined;
    const places = new Int32Array(order.length);
    for (const [place, sequence] of order.entries()) places[sequence] = place;
    return places;
  }

  #eachRow(value: (sequence: number, t: number, place: number) => number): Int32Array {
    const result = new Int32Array(this.rows);
    for (let t = 0; t < this.steps; t++) {
      for (let place = 0; place < (this.sizes[t] as number); place++) {
        result[(this.offsets[t] as number) + place] = value(this.order?.[place] ?? place, t, place);
      }
    }
    return result;
  }
}

let last: SequencePlan | undefined;
