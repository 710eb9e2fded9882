export { type Activation, type ActivationName, activation } from "./activation.js";
export { type Attention, type AttentionCall, type AttentionOptions, attention } from "./attention.js";
export {
  type AttentionDecoder,
  type AttentionDecoderCall,
  type AttentionDecoderOptions,
  attentionDecoder,
} from "./attention-decoder.js";
export { type AttentionPooling, type AttentionPoolingOptions, attentionPooling } from "./attention-pooling.js";
export type { AttentionKind } from "./attention-scores.js";
export type { NetworkState } from "./carried-state.js";
export { type GruOptions, gru, type LstmOptions, lstm, type RnnOptions, recurrent, rnn } from "./cells.js";
export { type Conv2d, type Conv2dOptions, conv2d } from "./conv2d.js";
export { type Crf, type CrfOptions, crf } from "./crf.js";
export type { DecodingSteps } from "./decoding-steps.js";
export { type Dense, type DenseOptions, dense, type TiedDenseOptions, type UntiedDenseOptions } from "./dense.js";
export { type Dropout, dropout, lockedDropout } from "./dropout.js";
export { type Embedding, type EmbeddingOptions, embedding } from "./embedding.js";
export {
  type EncoderDecoder,
  type EncoderDecoderCall,
  type EncoderDecoderOptions,
  encoderDecoder,
} from "./encoder-decoder.js";
export type { Extent, ImageShape } from "./image-layer.js";
export { flatten, type ImageReading, imageColumns } from "./image-reading.js";
export type { Layer, LayerState, Source } from "./layer.js";
export { type LayerNorm, type LayerNormOptions, layerNorm } from "./layer-norm.js";
export { type MaxPooling2d, type MaxPooling2dOptions, maxPooling2d } from "./max-pooling2d.js";
export type { Merge } from "./merge.js";
export { type Model, type ModelCall, type ModelOptions, model } from "./model.js";
export type { Network } from "./network.js";
export { lastStep, maxOverTime, meanOverTime, type Pooling } from "./pooling.js";
export type { InitialState, Recurrent } from "./recurrent.js";
export type { RecurrentOptions } from "./recurrent-options.js";
export { type RepeatVector, repeatVector } from "./repeat-vector.js";
export { type Residual, residual } from "./residual.js";
export { type Sequential, type SequentialOptions, sequential } from "./sequential.js";
export type { StateDict } from "./state-dict.js";
export type { NetworkStream } from "./stream.js";
export { type WordCharacters, type WordCharactersOptions, wordCharacters } from "./word-characters.js";
