import { bits } from "../display/quantities.js";

/** A language model's loss under its names; the loss in nats per token. */
export interface TextMetrics {
  readonly loss: number;
  readonly perplexity: number;
  /** Where tokens tell every character: of characters and of pieces. */
  readonly bitsPerCharacter?: number;
}

/** @param charactersPerToken how many characters of the text a token has; undefined where tokens don't tell them all */
export function textMetrics(loss: number, charactersPerToken: number | undefined): TextMetrics {
  return {
    loss,
    perplexity: Math.exp(loss),
    ...(charactersPerToken === undefined ? {} : { bitsPerCharacter: bits(loss) / charactersPerToken }),
  };
}
