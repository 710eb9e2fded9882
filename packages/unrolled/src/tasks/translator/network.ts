import { type EncoderDecoder, encoderDecoder } from "../../layers/encoder-decoder.js";
import { RandomStream, type Seed } from "../../tensor/random.js";
import { decoderNetwork } from "../writing/decoder-network.js";
import { textEncoder } from "../writing/text-encoder.js";
import type { TranslatorArchitecture } from "./options.js";
import type { TranslatorParts } from "./parts.js";

/** Users of random numbers that the layers of encoder and decoder are below. */
const PARTS = 2 ** 31;

/**
 * Source tokens → vectors → recurrent layers, in both directions → what a decoder attends to while it writes the target (Sutskever et al. 2014,
 * Bahdanau et al. 2015, Luong et al. 2015).
 */
export function translatorNetwork(
  architecture: TranslatorArchitecture,
  { source, target }: Pick<TranslatorParts, "source" | "target">,
  seed: Seed,
): EncoderDecoder {
  const [forEncoder, forDecoder, forBridge] = [0, 1, 2].map((part) => {
    return new RandomStream(seed, "initialisation", PARTS + part).integer(2 ** 53);
  }) as [Seed, Seed, Seed];
  const encoder = textEncoder(architecture, source.side.size, forEncoder);
  const decoder = decoderNetwork(architecture, { size: target.size, memorySize: architecture.units, seed: forDecoder });
  return encoderDecoder(encoder, decoder, { seed: forBridge });
}
