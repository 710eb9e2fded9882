import { type Crf, crf } from "../../layers/crf.js";
import { dense } from "../../layers/dense.js";
import { dropout } from "../../layers/dropout.js";
import { embedding } from "../../layers/embedding.js";
import type { Layer } from "../../layers/layer.js";
import { type Sequential, sequential } from "../../layers/sequential.js";
import { wordCharacters } from "../../layers/word-characters.js";
import type { Seed } from "../../tensor/random.js";
import { layerOf } from "../cell-name.js";
import type { WordStart } from "../word-vectors.js";
import type { Lexicon } from "./lexicon.js";
import type { TaggerArchitecture } from "./options.js";

/** A tagger's layers, and the conditional random field that ends them where there is one. */
export interface TaggerNetwork {
  readonly network: Sequential;
  readonly field: Crf | undefined;
}

/**
 * Words, with their characters or pieces → recurrent layers, in both directions → scores of the tags → a conditional random field (Huang et al. 2015,
 * Lample et al. 2016).
 *
 * @param start of words
 */
export function taggerNetwork(
  architecture: TaggerArchitecture,
  lexicon: Lexicon,
  seed: Seed,
  start: WordStart = {},
): TaggerNetwork {
  const { cell, units, layers, bidirectional } = architecture;
  const betweenLayers = layers > 1 ? architecture.dropout : 0;
  const field = architecture.crf ? crf() : undefined;
  const network = sequential(
    [
      wordLayer(architecture, lexicon, start),
      dropout(architecture.dropout),
      layerOf[cell]({
        units,
        layers,
        dropout: betweenLayers,
        returnSequences: true,
        ...(bidirectional ? { bidirectional } : {}),
      }),
      dropout(architecture.dropout),
      dense({ units: lexicon.tags.length }),
      ...(field ? [field] : []),
    ],
    { seed },
  );
  return { network, field };
}

function wordLayer(architecture: TaggerArchitecture, { words, spelling }: Lexicon, start: WordStart): Layer {
  const { cell, wordUnits, characterUnits, wordDropout } = architecture;
  const { vectors = new Map(), trainable = true } = start;
  const { length } = words;
  if (!spelling) return embedding({ vocabularySize: length, units: wordUnits, dropout: wordDropout, vectors, trainable });
  const sizes = { words: length, wordUnits, characters: spelling.size, characterUnits };
  return wordCharacters({ ...sizes, cell, wordDropout, vectors, trainableWords: trainable });
}
