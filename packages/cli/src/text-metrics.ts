import { bits } from "./display/quantities.js";

/** A language model's loss under its three names; the loss in nats per character. */
export interface TextMetrics {
  readonly loss: number;
  readonly perplexity: number;
  readonly bitsPerCharacter: number;
}

export function textMetrics({ loss }: { loss: number }): TextMetrics {
  return { loss, perplexity: Math.exp(loss), bitsPerCharacter: bits(loss) };
}
