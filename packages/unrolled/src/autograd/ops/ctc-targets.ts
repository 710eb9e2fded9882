import { UnrolledError } from "../../errors.js";
import { type CtcInput, checkCtcLengths } from "./ctc-input.js";
import { checkIndices } from "./gather.js";

/** What each sequence should be read as: its labels, without blanks. */
export type CtcTargets = readonly ArrayLike<number>[];

/**
 * The labels of each sequence, checked and without padding.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where there is not one target for each sequence or a length doesn't fit,
 * `UNROLLED_DTYPE` or `UNROLLED_INDEX` for a label that is no class, `UNROLLED_VALUE` for the blank as a label.
 */
export function checkCtcTargets(
  op: string,
  targets: CtcTargets,
  targetLengths: ArrayLike<number> | undefined,
  { lengths: { length: batch }, classes, blank }: CtcInput,
): Int32Array[] {
  if (targets.length !== batch) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${op}: \`targets\` must have one array of labels for each of ${batch} sequences, received ${targets.length}.`,
    );
  }
  const sizes = targets.map(({ length }) => length);
  const lengths = targetLengths ? checkCtcLengths(op, "targetLengths", targetLengths, { batch, least: 0, limits: sizes }) : sizes;
  return targets.map((target, sequence) => {
    const labels = Float64Array.from(target).subarray(0, lengths[sequence]);
    checkIndices(`${op}: target ${sequence}`, labels, classes);
    const position = labels.indexOf(blank);
    if (position < 0) return Int32Array.from(labels);
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${op}: target ${sequence}: labels must not be the blank, received ${blank} at position ${position}; ` +
        "leave blanks out of the targets, or set `blank` to the class that is one.",
    );
  });
}

/**
 * @throws {UnrolledError} `UNROLLED_VALUE` where a sequence has too few steps for its labels: one each, and one for the blank
 * between two that are alike.
 */
export function checkCtcFits(op: string, labels: readonly Int32Array[], { lengths }: CtcInput): void {
  for (const [sequence, own] of labels.entries()) {
    const repeats = own.filter((label, position) => position > 0 && label === own[position - 1]).length;
    const needed = own.length + repeats;
    const steps = lengths[sequence] as number;
    if (steps >= needed) continue;
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${op}: target ${sequence} needs ${needed} steps at least (${own.length} labels, and a blank between each of ${repeats} repeats), ` +
        `received ${steps}; feed longer sequences, or set zeroInfinity: true to leave such ones out.`,
    );
  }
}
