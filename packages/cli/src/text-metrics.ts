import type { TokenUnit } from "unrolled/tasks";
import { bits } from "./display/quantities.js";

/** A language model's loss under its names; the loss in nats per token. */
export interface TextMetrics {
  readonly loss: number;
  readonly perplexity: number;
  /** Of models of characters alone. */
  readonly bitsPerCharacter?: number;
}

export function textMetrics(loss: number, tokens: TokenUnit): TextMetrics {
  return { loss, perplexity: Math.exp(loss), ...(tokens === "char" ? { bitsPerCharacter: bits(loss) } : {}) };
}
