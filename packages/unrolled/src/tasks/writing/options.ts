import { ATTENTIONS } from "../../layers/attention-scores.js";
import { checkChoice, checkCount, checkRate } from "../../layers/options.js";
import { CELLS } from "../cell-name.js";
import { checkBoolean } from "../options.js";
import type { WriterArchitecture } from "./decoder-network.js";

/** How a writer is trained, besides what every task has. */
export interface WriterTraining {
  /** How much of a target's probability is spread evenly over all tokens (Szegedy et al. 2016). Default: 0. */
  labelSmoothing: number;
  /**
   * Probability in the last epoch that the decoder reads what it would have written instead of the target (Bengio et al. 2015); it rises evenly from 0
   * in the first. Default: 0.
   */
  scheduledSampling: number;
}

export const WRITER_OPTIONS = [
  ...["cell", "units", "layers", "embeddingUnits", "attention", "inputFeeding", "tieEmbeddings", "dropout"],
  ...["labelSmoothing", "scheduledSampling"],
];

/** Examples from which on the defaults are those of a large network. */
const MANY = 5000;

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is out of range. */
export function resolveWriter(
  where: string,
  options: Partial<WriterArchitecture & WriterTraining>,
  examples: number,
): WriterArchitecture & WriterTraining {
  const isLarge = examples >= MANY;
  const units = checkCount(where, "units", options.units ?? (isLarge ? 256 : 128));
  const attention = checkChoice(where, "attention", options.attention ?? "general", ATTENTIONS);
  return {
    cell: checkChoice(where, "cell", options.cell ?? "lstm", CELLS),
    units,
    layers: checkCount(where, "layers", options.layers ?? 1),
    embeddingUnits: checkCount(where, "embeddingUnits", options.embeddingUnits ?? units),
    attention,
    inputFeeding: checkBoolean(where, "inputFeeding", options.inputFeeding ?? attention !== "bahdanau"),
    tieEmbeddings: checkBoolean(where, "tieEmbeddings", options.tieEmbeddings ?? true),
    dropout: checkRate(where, "dropout", options.dropout ?? (isLarge ? 0.3 : 0.2)),
    labelSmoothing: checkRate(where, "labelSmoothing", options.labelSmoothing ?? 0),
    scheduledSampling: checkRate(where, "scheduledSampling", options.scheduledSampling ?? 0),
  };
}
