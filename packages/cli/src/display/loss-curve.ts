import asciichart from "asciichart";

const BUCKETS = 240;
/** What stands left of the line: a number such as "12.34 ". The axis is the line's first character. */
const LABEL_WIDTH = 6;

/** Escape sequences that begin the color of each line; none for a chart in the terminal's own color. */
export interface CurveColors {
  readonly training: string;
  readonly validation: string;
}

/**
 * The course of the loss from the first step it is told of to the last one planned, from left to right, in memory that does not grow
 * with the number of steps: those steps fall into a fixed number of buckets, and each keeps the mean of its training losses and its
 * newest validation loss.
 */
export class LossCurve {
  readonly #sums = new Float64Array(BUCKETS);
  readonly #counts = new Uint32Array(BUCKETS);
  /** Steps before the first one told of: those of the training that this one goes on from. */
  #before: number | undefined;
  readonly #validation: (number | undefined)[] = Array.from({ length: BUCKETS }, () => undefined);

  /** Takes the loss of a step, 1-based, out of `steps`. A loss that is no number has no place in a chart. */
  add(step: number, steps: number, loss: number, validationLoss: number | undefined): void {
    if (!Number.isFinite(loss)) return;
    this.#before ??= step - 1;
    const share = (step - this.#before) / (steps - this.#before);
    const bucket = Math.min(BUCKETS, Math.max(1, Math.ceil(share * BUCKETS))) - 1;
    this.#sums[bucket] = (this.#sums[bucket] ?? 0) + loss;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    if (validationLoss !== undefined && Number.isFinite(validationLoss)) this.#validation[bucket] = validationLoss;
  }

  /** The chart in lines of at most `width` characters, about `height` of them; none while there is no change to see. */
  draw(width: number, height: number, colors: CurveColors | undefined): string[] {
    const columns = Math.min(BUCKETS, width - LABEL_WIDTH);
    if (columns < 2 || height < 2) return [];
    const { training, validation } = this.#columns(columns);
    const series = colors !== undefined && validation !== undefined ? [validation, training] : [training];
    const values = series.flat();
    if (values.every((value) => value === values[0])) return [];
    const chart = asciichart.plot(series, {
      height: height - 1,
      offset: 2,
      format: (value) => `${value.toFixed(2)} `.padStart(LABEL_WIDTH),
      ...(colors !== undefined && {
        colors: series.length === 2 ? [colors.validation, colors.training] : [colors.training],
      }),
    });
    return chart.split("\n").map((line) => line.trimEnd());
  }

  /**
   * One value a column up to the newest step. A column without a step shows the one before it; the validation line hides behind the
   * training line until it has a first value.
   */
  #columns(columns: number): { training: number[]; validation: number[] | undefined } {
    const newest = this.#counts.findLastIndex((count) => count > 0);
    const end = Math.ceil(((newest + 1) / BUCKETS) * columns);
    const training: number[] = [];
    const validation: number[] = [];
    let measured: number | undefined;
    for (let column = 0; column < end; column += 1) {
      const first = Math.floor((column / columns) * BUCKETS);
      const last = Math.floor(((column + 1) / columns) * BUCKETS);
      let sum = 0;
      let count = 0;
      for (let bucket = first; bucket < last; bucket += 1) {
        sum += this.#sums[bucket] ?? 0;
        count += this.#counts[bucket] ?? 0;
        measured = this.#validation[bucket] ?? measured;
      }
      const loss = count > 0 ? rounded(sum / count) : (training.at(-1) ?? rounded(this.#firstLoss()));
      training.push(loss);
      validation.push(measured === undefined ? loss : rounded(measured));
    }
    return { training, validation: measured === undefined ? undefined : validation };
  }

  #firstLoss(): number {
    const first = this.#counts.findIndex((count) => count > 0);
    return (this.#sums[first] ?? 0) / (this.#counts[first] ?? 1);
  }
}

/** Values that differ in their last bits only would make asciichart scale them beyond whole numbers, and loop for ever. */
function rounded(loss: number): number {
  return Math.round(loss * 1e4) / 1e4;
}
