import type { EncoderDecoder } from "../../layers/encoder-decoder.js";
import type { Seed } from "../../tensor/random.js";
import { textEncoder } from "../writing/text-encoder.js";
import { writerNetwork } from "../writing/writer-network.js";
import type { TranslatorArchitecture } from "./options.js";
import type { TranslatorParts } from "./parts.js";

/**
 * Source tokens → vectors → recurrent layers, in both directions → what a decoder attends to while it writes the target (Sutskever et al. 2014,
 * Bahdanau et al. 2015, Luong et al. 2015).
 */
export function translatorNetwork(
  architecture: TranslatorArchitecture,
  { source, target }: Pick<TranslatorParts, "source" | "target">,
  seed: Seed,
): EncoderDecoder {
  return writerNetwork(architecture, (own) => textEncoder(architecture, source.side.size, own), target.size, seed);
}
