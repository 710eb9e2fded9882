import { dense } from "../../layers/dense.js";
import { dropout } from "../../layers/dropout.js";
import { embedding } from "../../layers/embedding.js";
import { type Sequential, sequential } from "../../layers/sequential.js";
import type { Seed } from "../../tensor/random.js";
import { layerOf } from "../cell-name.js";
import type { WordStart } from "../word-vectors.js";
import type { LanguageModelArchitecture } from "./options.js";

/** Token → vector → recurrent layers → logits of the next token (Mikolov et al. 2010, Graves 2013). */
export function languageModelNetwork(
  architecture: LanguageModelArchitecture,
  vocabularySize: number,
  seed: Seed,
  start: WordStart = {},
): Sequential {
  const { cell, units, layers, embeddingUnits } = architecture;
  const betweenLayers = layers > 1 ? architecture.dropout : 0;
  const vectors = embedding({ vocabularySize, units: embeddingUnits, ...start });
  return sequential(
    [
      vectors,
      layerOf[cell]({ units, layers, dropout: betweenLayers, returnSequences: true }),
      dropout(architecture.dropout),
      dense(architecture.tieEmbeddings ? { tiedTo: vectors } : { units: vocabularySize }),
    ],
    { seed },
  );
}
