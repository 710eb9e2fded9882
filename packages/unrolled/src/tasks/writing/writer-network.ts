import { type EncoderDecoder, encoderDecoder } from "../../layers/encoder-decoder.js";
import type { Sequential } from "../../layers/sequential.js";
import { RandomStream, type Seed } from "../../tensor/random.js";
import { decoderNetwork, type WriterArchitecture } from "./decoder-network.js";

/** Users of random numbers that the layers of encoder and decoder are below. */
const PARTS = 2 ** 31;

/**
 * An input → its encoder → what a decoder attends to while it writes a text.
 *
 * @param encoder gives `units` features at each place of an input
 * @param size how many tokens there are
 */
export function writerNetwork(
  architecture: WriterArchitecture,
  encoder: (seed: Seed) => Sequential,
  size: number,
  seed: Seed,
): EncoderDecoder {
  const [forEncoder, forDecoder, forBridge] = [0, 1, 2].map((part) => {
    return new RandomStream(seed, "initialisation", PARTS + part).integer(2 ** 53);
  }) as [Seed, Seed, Seed];
  const decoder = decoderNetwork(architecture, { size, memorySize: architecture.units, seed: forDecoder });
  return encoderDecoder(encoder(forEncoder), decoder, { seed: forBridge });
}
