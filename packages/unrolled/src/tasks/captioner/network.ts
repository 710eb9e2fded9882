import { type EncoderDecoder, encoderDecoder } from "../../layers/encoder-decoder.js";
import { RandomStream, type Seed } from "../../tensor/random.js";
import { decoderNetwork, type WriterArchitecture } from "../writing/decoder-network.js";
import type { CaptionerParts } from "./parts.js";

/** Users of random numbers that the layers of encoder and decoder are below. */
const PARTS = 2 ** 31;

/**
 * A picture, a vector, a label or a sentence → its encoder → what a decoder attends to while it writes a text about it (Vinyals et al. 2015, Xu et al. 2015).
 */
export function captionerNetwork(
  architecture: WriterArchitecture,
  { source, target }: Pick<CaptionerParts, "source" | "target">,
  seed: Seed,
): EncoderDecoder {
  const [forEncoder, forDecoder, forBridge] = [0, 1, 2].map((part) => {
    return new RandomStream(seed, "initialisation", PARTS + part).integer(2 ** 53);
  }) as [Seed, Seed, Seed];
  const encoder = source.encoder(architecture, forEncoder);
  const decoder = decoderNetwork(architecture, { size: target.size, memorySize: architecture.units, seed: forDecoder });
  return encoderDecoder(encoder, decoder, { seed: forBridge });
}
