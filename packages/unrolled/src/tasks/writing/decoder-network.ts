import { attentionDecoder } from "../../layers/attention-decoder.js";
import type { AttentionKind } from "../../layers/attention-scores.js";
import { dense } from "../../layers/dense.js";
import { dropout } from "../../layers/dropout.js";
import { embedding } from "../../layers/embedding.js";
import type { Layer } from "../../layers/layer.js";
import { type Sequential, sequential } from "../../layers/sequential.js";
import type { Seed } from "../../tensor/random.js";
import type { CellName } from "../cell-name.js";

/** What writes a text, token by token, while it attends to something. */
export interface WriterArchitecture {
  /** Default: lstm. */
  cell: CellName;
  /** Hidden units of a layer of the decoder. Default: by the size of the data, 128 or 256. */
  units: number;
  /** Stacked layers of the decoder. Default: 1. */
  layers: number;
  /** Features of a token's vector. Default: as many as units. */
  embeddingUnits: number;
  /** How the decoder finds what it reads, see `attentionDecoder`. Default: general. */
  attention: AttentionKind;
  /** Whether what a step gives is fed to the next one, too (Luong et al. 2015); not with bahdanau. Default: true with the others. */
  inputFeeding: boolean;
  /** Whether the output layer's weights are the embedding's own (Press & Wolf 2017). Default: true. */
  tieEmbeddings: boolean;
  /** Dropout on tokens' vectors, between layers, and before the output. Default: by the size of the data, 0.2 or 0.3. */
  dropout: number;
}

/** Tokens so far → vectors → cells that attend → logits of the next token. */
export function decoderNetwork(
  { cell, units, layers, embeddingUnits, attention, inputFeeding, tieEmbeddings, dropout: rate }: WriterArchitecture,
  { size, memorySize, seed }: { readonly size: number; readonly memorySize: number; readonly seed: Seed },
): Sequential {
  const vectors = embedding({ vocabularySize: size, units: embeddingUnits });
  const fitting: Layer[] = tieEmbeddings && embeddingUnits !== units ? [dense({ units: embeddingUnits })] : [];
  return sequential(
    [
      vectors,
      dropout(rate),
      attentionDecoder({ units, memorySize, cell, layers, attention, inputFeeding, dropout: rate }),
      ...fitting,
      tieEmbeddings ? dense({ tiedTo: vectors }) : dense({ units: size }),
    ],
    { seed },
  );
}
