import type { Operand } from "../../autograd/scope.js";
import type { Crf } from "../../layers/crf.js";
import { checkKnown } from "../../layers/options.js";

/** How `crfDecode` reads its emissions. */
export interface CrfDecodeOptions {
  /** Steps of each sequence, from 1 to time; what stands behind them is not read. Default: all steps of all sequences. */
  lengths?: ArrayLike<number> | undefined;
}

/**
 * The most probable tags of each sequence, all of them together, by the algorithm of Viterbi (1967); the lowest of equally probable ones.
 *
 * `emissions: [batch, time, tags]`, what the network gives that the field ends → for each sequence as many tags as it has steps.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where shapes or lengths don't fit, `UNROLLED_VALUE` for an unknown option.
 */
export function crfDecode(field: Crf, emissions: Operand, options: CrfDecodeOptions = {}): number[][] {
  checkKnown("crfDecode", options, ["lengths"]);
  return field.decode("crfDecode", emissions, options.lengths);
}
