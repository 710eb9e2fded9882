import type { Data } from "../../data/data.js";
import { codePointsOf } from "../../data/text/characters.js";
import { UnrolledError } from "../../errors.js";
import type { EncoderDecoder } from "../../layers/encoder-decoder.js";
import { crossEntropy } from "../../training/losses/cross-entropy.js";
import { contentName, type TrainingIdentity } from "../checkpoints.js";
import { measuringBatches, trainingBatches } from "../example-batches.js";
import type { PreparedTraining } from "../train-network.js";
import { type EncodedExample, encodedExamples, type WriterExample, type WriterSides, writerBatches } from "./examples.js";
import { withOwnTokens } from "./scheduled-sampling.js";
import type { ResolvedWriter, WriterTrainedWith } from "./trained-with.js";

/** Nats by which the validation loss must get better to count. */
const LEAST_GAIN = 1e-3;

/** A network that is to learn to write, and what from. */
export interface WriterTrainee<E, I> {
  readonly task: string;
  /** The function that trains, in error messages. */
  readonly where: string;
  readonly train: Data<E>;
  readonly held: Data<E>;
  /** Checks the examples of an epoch. */
  checked(where: string, data: Data<E>, epoch: number): AsyncIterable<WriterExample<I>>;
  readonly sides: WriterSides<I>;
  readonly network: EncoderDecoder;
  readonly options: ResolvedWriter;
  readonly trainedWith: WriterTrainedWith;
}

/**
 * Examples as batches, and the loss that judges what is written about them.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where an example is none, or there is none to validate on.
 */
export async function preparedWriter<E, I>(trainee: WriterTrainee<E, I>): Promise<PreparedTraining> {
  const { where, train, held, sides, network, options, trainedWith } = trainee;
  const encoded = (at: string, data: Data<E>) => encodedExamples(data, (epoch) => trainee.checked(at, data, epoch), sides);
  const examples = await encoded(where, train);
  const heldExamples = await encoded(`${where}: validation`, held);
  if (heldExamples.length === 0 && typeof heldExamples !== "function") {
    throw new UnrolledError("UNROLLED_DATA", `${where}: the validation data must have at least one example, received none.`);
  }
  const { batchSize, seed, shuffleBuffer, labelSmoothing } = options;
  const batchesInEpoch = Math.ceil(trainedWith.trainExamples / batchSize);
  const making = { ...writerBatches(sides), batchSize };
  const { data } = trainingBatches(examples, { ...making, seed, shuffleBuffer });
  return {
    options,
    network,
    data: withOwnTokens(data, network, options, batchesInEpoch),
    batchesInEpoch,
    validation: measuringBatches(heldExamples, making),
    loss: crossEntropy({ labelSmoothing }),
    watched: { minDelta: LEAST_GAIN },
    identity: identityOf(trainee, [examples, heldExamples]),
  };
}

/** What decides the bits besides the position: the examples and the options. */
function identityOf<E, I>(
  { task, trainedWith, options, sides: { source, target } }: WriterTrainee<E, I>,
  data: readonly Data<EncodedExample>[],
): TrainingIdentity {
  const { patience, shuffleBuffer } = options;
  const decisive = { ...trainedWith, patience: patience ?? "none", shuffleBuffer };
  const entries = Object.entries(decisive).map(([name, value]) => {
    return [name, typeof value === "object" ? JSON.stringify(value) : String(value)];
  });
  const known = [target.vocabulary.symbols.join("\n"), JSON.stringify([source.toJson(), source.files])].map(codePointsOf);
  const inMemory = data.flatMap((examples) => (typeof examples === "function" ? [] : examples));
  const numbers = inMemory.flatMap(({ input, target: text }) => {
    const { buffer, byteOffset, length } = input.values;
    return [new Int32Array(buffer, byteOffset, length), text];
  });
  return { task, ...Object.fromEntries(entries), data: contentName([...known, ...numbers]) };
}
