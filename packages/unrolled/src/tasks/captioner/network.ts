import type { EncoderDecoder } from "../../layers/encoder-decoder.js";
import type { Seed } from "../../tensor/random.js";
import type { WriterArchitecture } from "../writing/decoder-network.js";
import { writerNetwork } from "../writing/writer-network.js";
import type { CaptionerParts } from "./parts.js";

/**
 * A picture, a vector, a label or a sentence → its encoder → what a decoder attends to while it writes a text about it (Vinyals et al. 2015, Xu et al. 2015).
 */
export function captionerNetwork(
  architecture: WriterArchitecture,
  { source, target }: Pick<CaptionerParts, "source" | "target">,
  seed: Seed,
): EncoderDecoder {
  return writerNetwork(architecture, (own) => source.encoder(architecture, own), target.size, seed);
}
