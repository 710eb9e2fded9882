import { UnrolledError } from "../../errors.js";
import { formatShape, type Shape } from "../../tensor/shape.js";

/** What the loss and the decoders of connectionist temporal classification are told about their logits. */
export interface CtcInputOptions {
  /**
   * Steps of each sequence of the batch, from 1 to time; what stands behind them is not read. Default: all steps of all
   * sequences.
   */
  inputLengths?: ArrayLike<number> | undefined;
  /** The class that stands for no label. Default: 0. */
  blank?: number | undefined;
}

/** The sizes of `logits: [batch, time, classes]`, checked. */
export interface CtcInput {
  readonly time: number;
  readonly classes: number;
  readonly blank: number;
  /** Steps of each sequence. */
  readonly lengths: readonly number[];
}

/**
 * @throws {UnrolledError} `UNROLLED_SHAPE` where the logits are not [batch, time, classes] with one of each at least or the
 * lengths don't fit them, `UNROLLED_INDEX` where the blank is no class.
 */
export function checkCtcInput(op: string, shape: Shape, { inputLengths, blank = 0 }: CtcInputOptions): CtcInput {
  const [batch, time, classes] = shape;
  if (!batch || !time || !classes || shape.length !== 3) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${op}: \`logits\` must be [batch, time, classes] with one of each at least, received ${formatShape(shape)}.`,
    );
  }
  if (!Number.isInteger(blank) || blank < 0 || blank >= classes) {
    throw new UnrolledError(
      "UNROLLED_INDEX",
      `${op}: \`blank\` must be a class, a whole number from 0 to ${classes - 1}, received ${blank}.`,
    );
  }
  const lengths = inputLengths
    ? checkCtcLengths(op, "inputLengths", inputLengths, { batch, least: 1, limits: new Array<number>(batch).fill(time) })
    : new Array<number>(batch).fill(time);
  return { time, classes, blank, lengths };
}

/** @throws {UnrolledError} `UNROLLED_SHAPE` where there is not one whole number from `least` to its limit for each sequence. */
export function checkCtcLengths(
  op: string,
  name: string,
  lengths: ArrayLike<number>,
  { batch, least, limits }: { batch: number; least: number; limits: readonly number[] },
): number[] {
  if (lengths.length !== batch) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${op}: \`${name}\` must have one entry for each of ${batch} sequences, received ${lengths.length}.`,
    );
  }
  return Array.from(lengths, (length, sequence) => {
    const limit = limits[sequence] as number;
    if (Number.isInteger(length) && length >= least && length <= limit) return length;
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${op}: \`${name}\` must be a whole number from ${least} to ${limit} for sequence ${sequence}, received ${length}.`,
    );
  });
}
