import { dropout } from "../../layers/dropout.js";
import { embedding } from "../../layers/embedding.js";
import { type Sequential, sequential } from "../../layers/sequential.js";
import type { Seed } from "../../tensor/random.js";
import { type CellName, layerOf } from "../cell-name.js";

/** What reads a text. */
export interface TextEncoderArchitecture {
  readonly cell: CellName;
  /** Features of what the decoder attends to; with both directions an even number. */
  readonly units: number;
  readonly encoderLayers: number;
  /** Features of a token's vector. */
  readonly embeddingUnits: number;
  /** Whether it reads in both directions, of half the units each. */
  readonly bidirectional: boolean;
  readonly dropout: number;
}

/** Tokens → vectors → recurrent layers → what a decoder attends to, `[batch, tokens, units]`. */
export function textEncoder(
  { cell, units, encoderLayers, embeddingUnits, bidirectional, dropout: rate }: TextEncoderArchitecture,
  size: number,
  seed: Seed,
): Sequential {
  return sequential(
    [
      embedding({ vocabularySize: size, units: embeddingUnits }),
      dropout(rate),
      layerOf[cell]({
        units: bidirectional ? units / 2 : units,
        layers: encoderLayers,
        dropout: encoderLayers > 1 ? rate : 0,
        returnSequences: true,
        ...(bidirectional ? { bidirectional: "concat" as const } : {}),
      }),
      dropout(rate),
    ],
    { seed },
  );
}
