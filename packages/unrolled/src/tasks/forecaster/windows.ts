import { Tensor } from "../../tensor/tensor.js";
import type { Batch } from "../../training/batch.js";
import type { Channels, PreparedSeries } from "./channels.js";
import { measureWindow, type WindowScale, type WindowScaling } from "./window-scaling.js";

/** How a window is cut and laid out. */
export interface WindowShape {
  /** Steps that are read. */
  readonly context: number;
  /** Steps that are foretold, the first right behind those read. */
  readonly horizon: number;
  /** Neighbouring steps that the recurrent layers read at once. */
  readonly patch: number;
  /** Whether each target is a window of its own, read by the same weights. */
  readonly apart: boolean;
  readonly windowScaling: WindowScaling;
  /** Numbers that the network gives for each number of a target: more than one where it gives an interval. */
  readonly outputs: number;
  /** The one of them that is a logarithm of a variance, if there is one. */
  readonly logVariance: number | undefined;
  readonly channels: Channels;
}

/** The parts of a window's row, [features] each, in this order. */
export interface WindowLayout {
  /** Targets of a window. */
  readonly targets: number;
  /** Features of a step that is read; its targets come first. */
  readonly features: number;
  /** Columns that are known in advance, each given for every step that is foretold. */
  readonly known: number;
  /** Which target it is, one of them 1; none where a window has all. */
  readonly identity: number;
  /** Where the known columns begin, the identity, the factors, the shifts; and the row's whole length. */
  readonly knownAt: number;
  readonly identityAt: number;
  readonly factorAt: number;
  readonly shiftAt: number;
  readonly size: number;
}

export function layoutOf({ context, horizon, apart, outputs, channels }: WindowShape): WindowLayout {
  const { known, observed, calendar } = channels;
  const targets = apart ? 1 : channels.targets.length;
  const flags =
    flaggedCovariates(channels).length + (apart ? Number(anyTargetFlagged(channels)) : flaggedTargets(channels).length);
  const features = targets + observed.length + known.length + flags + 2 * calendar.length;
  const knownAt = context * features;
  const identityAt = knownAt + horizon * known.length;
  const identity = apart && channels.targets.length > 1 ? channels.targets.length : 0;
  const factorAt = identityAt + identity;
  const shiftAt = factorAt + targets * outputs;
  const size = shiftAt + targets * outputs;
  return { targets, features, known: known.length, identity, knownAt, identityAt, factorAt, shiftAt, size };
}

function flaggedTargets({ targets, flagged }: Channels): readonly number[] {
  return targets.filter((column) => flagged.includes(column));
}

function anyTargetFlagged(channels: Channels): boolean {
  return flaggedTargets(channels).length > 0;
}

function flaggedCovariates({ observed, known, flagged }: Channels): readonly number[] {
  return [...observed, ...known].filter((column) => flagged.includes(column));
}

/** Where a window stands: the step that it foretells first, of one series; and which of the targets, where they are apart. */
export interface WindowPlace {
  readonly series: PreparedSeries;
  readonly origin: number;
  readonly target: number;
}

/** A stretch of a series that windows foretell: from a step to before another. */
export interface Stretch {
  readonly series: PreparedSeries;
  readonly from: number;
  readonly to: number;
}

/** All windows of some stretches, counted and not kept: the n-th is worked out when it is asked for. */
export class Windows {
  readonly #shape: WindowShape;
  readonly #stretches: readonly Stretch[];
  readonly #every: number;
  /** How many windows end with each stretch. */
  readonly #ends: readonly number[];

  /** @param every how many steps apart the windows of a stretch begin */
  constructor(shape: WindowShape, stretches: readonly Stretch[], every = 1) {
    this.#shape = shape;
    this.#every = every;
    this.#stretches = stretches.map((stretch) => ({ ...stretch, from: Math.max(stretch.from, shape.context) }));
    let count = 0;
    this.#ends = this.#stretches.map(({ from, to }) => {
      const origins = Math.max(0, Math.floor((to - shape.horizon - from) / every) + 1);
      count += origins * this.#targets;
      return count;
    });
  }

  get length(): number {
    return this.#ends.at(-1) ?? 0;
  }

  at(index: number): WindowPlace {
    const place = firstAbove(this.#ends, index);
    const { series, from } = this.#stretches[place] as Stretch;
    const inside = index - (place === 0 ? 0 : (this.#ends[place - 1] as number));
    return { series, origin: from + Math.floor(inside / this.#targets) * this.#every, target: inside % this.#targets };
  }

  get #targets(): number {
    return this.#shape.apart ? this.#shape.channels.targets.length : 1;
  }
}

function firstAbove(ends: readonly number[], index: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) > index) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Cuts windows out of series, into the rows of a batch. */
export class WindowCutter {
  readonly shape: WindowShape;
  readonly layout: WindowLayout;
  /** Columns with a flag, in order; those of targets are empty where windows are apart and each has its own. */
  readonly #flags: readonly number[];
  readonly #scale: WindowScale = { location: 0, deviation: 1 };

  constructor(shape: WindowShape) {
    this.shape = shape;
    this.layout = layoutOf(shape);
    const { channels, apart } = shape;
    this.#flags = [...(apart ? [] : flaggedTargets(channels)), ...flaggedCovariates(channels)];
  }

  /** What the network reads: `[windows, layout.size]`. */
  inputs(places: readonly WindowPlace[]): Tensor {
    const { size } = this.layout;
    const x = new Float32Array(places.length * size);
    for (const [row, place] of places.entries()) this.#write(place, x, row * size);
    return Tensor.owning(x, [places.length, size]);
  }

  /** What it reads and what should come out: `y: [windows, horizon · targets, 1]`, masked where it is missing. */
  batch(places: readonly WindowPlace[]): Batch {
    const { shape, layout } = this;
    const { horizon } = shape;
    const numbers = horizon * layout.targets;
    const y = new Float32Array(places.length * numbers);
    const mask = new Float32Array(places.length * numbers);
    let whole = true;
    for (const [row, { series, origin, target }] of places.entries()) {
      const columns = this.#targetColumns(target);
      const width = series.series.values.length;
      for (let index = 0; index < numbers; index++) {
        const column = columns[index % layout.targets] as number;
        const from = (origin + Math.floor(index / layout.targets)) * width + column;
        const isThere = series.present[from] === 1;
        const to = row * numbers + index;
        mask[to] = isThere ? 1 : 0;
        y[to] = isThere ? (series.scaled[from] as number) : 0;
        whole &&= isThere;
      }
    }
    return {
      x: this.inputs(places),
      y: Tensor.owning(y, [places.length, numbers, 1]),
      ...(whole ? {} : { mask: Tensor.owning(mask, [places.length, numbers]) }),
    };
  }

  #targetColumns(target: number): readonly number[] {
    const { targets } = this.shape.channels;
    return this.shape.apart ? [targets[target] as number] : targets;
  }

  #write({ series, origin, target }: WindowPlace, x: Float32Array, at: number): void {
    const { shape, layout } = this;
    const { context, horizon, apart, windowScaling, channels } = shape;
    const { scaled, present, calendar } = series;
    const width = series.series.values.length;
    const moments = 2 * channels.calendar.length;
    const start = origin - context;
    const columns = this.#targetColumns(target);
    for (const [index, column] of columns.entries()) {
      measureWindow(windowScaling, scaled, present, start, context, width, column, this.#scale);
      const { location, deviation } = this.#scale;
      for (let step = 0; step < context; step++) {
        x[at + step * layout.features + index] = ((scaled[(start + step) * width + column] as number) - location) / deviation;
      }
      this.#writeScale(x, at, index);
    }
    let feature = columns.length;
    for (const column of [...channels.observed, ...channels.known]) {
      this.#copy(scaled, start, width, column, x, at + feature++);
    }
    const flags = apart && anyTargetFlagged(channels) ? [...columns, ...this.#flags] : this.#flags;
    for (const column of flags) {
      for (let step = 0; step < context; step++) {
        x[at + step * layout.features + feature] = 1 - (present[(start + step) * width + column] as number);
      }
      feature++;
    }
    for (let moment = 0; moment < moments; moment++) this.#copy(calendar, start, moments, moment, x, at + feature++);
    for (let step = 0; step < horizon; step++) {
      for (const [index, column] of channels.known.entries()) {
        x[at + layout.knownAt + step * layout.known + index] = scaled[(origin + step) * width + column] as number;
      }
    }
    if (layout.identity > 0) x[at + layout.identityAt + target] = 1;
  }

  #copy(from: Float32Array, start: number, width: number, offset: number, x: Float32Array, to: number): void {
    const { features } = this.layout;
    for (let step = 0; step < this.shape.context; step++) {
      x[to + step * features] = from[(start + step) * width + offset] as number;
    }
  }

  /** What the network's outputs for a target are multiplied by and shifted by, to undo the window's own scaling. */
  #writeScale(x: Float32Array, at: number, target: number): void {
    const { outputs, logVariance } = this.shape;
    const { factorAt, shiftAt } = this.layout;
    const { location, deviation } = this.#scale;
    for (let output = 0; output < outputs; output++) {
      const isLogVariance = output === logVariance;
      x[at + factorAt + target * outputs + output] = isLogVariance ? 1 : deviation;
      x[at + shiftAt + target * outputs + output] = isLogVariance ? 2 * Math.log(deviation) : location;
    }
  }
}
