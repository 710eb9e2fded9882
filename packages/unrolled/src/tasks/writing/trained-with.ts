import type { ResolvedTraining } from "../training-options.js";
import type { WriterArchitecture } from "./decoder-network.js";
import type { WriterTraining } from "./options.js";

/** What a network that writes texts was made and trained with. */
export interface WriterTrainedWith extends Readonly<WriterArchitecture> {
  /** How much of a target's probability was spread evenly over all tokens. */
  readonly labelSmoothing: number;
  /** Probability in the last epoch that the decoder read what it would have written instead of the target. */
  readonly scheduledSampling: number;
  /** Examples of a step. */
  readonly batchSize: number;
  /** What changed the weights: `adam`, `sgd`, … */
  readonly optimizer: string;
  /** The optimizer's. */
  readonly learningRate: number;
  /** Global norm that gradients were scaled down to. */
  readonly clipNorm: number;
  /** Of initial weights, dropout and the order of examples. */
  readonly seed: number;
  /** How many examples were trained on. */
  readonly trainExamples: number;
  /** Tokens of the text of most characters that it learned to write, its end counted. */
  readonly longestText: number;
}

/** Options with their defaults filled in, of any task that writes. */
export type ResolvedWriter = WriterArchitecture &
  WriterTraining &
  ResolvedTraining<unknown, never> & { readonly shuffleBuffer: number };

/** What is kept of the options, and of the examples trained on. */
export function writerTrainedWith(options: ResolvedWriter, trainExamples: number, longestText: number): WriterTrainedWith {
  const { cell, units, layers, embeddingUnits, attention, inputFeeding, tieEmbeddings, dropout } = options;
  const { labelSmoothing, scheduledSampling, batchSize, optimizer, learningRate, clipNorm, seed } = options;
  return {
    ...{ cell, units, layers, embeddingUnits, attention, inputFeeding, tieEmbeddings, dropout },
    ...{ labelSmoothing, scheduledSampling, batchSize, optimizer: optimizer.name, learningRate, clipNorm, seed },
    ...{ trainExamples, longestText },
  };
}
