/** Every kernel in plain TypeScript: the oracle of the Wasm builds, the whole reference engine, and what to read first. */

export { addScaled, multiplyAdd, scale } from "./accumulate/reference.js";
export { classAccuracy, signAccuracy } from "./accuracy/reference.js";
export { adagrad } from "./adagrad/reference.js";
export { adam } from "./adam/reference.js";
export { add, divide, multiply, subtract } from "./arithmetic/reference.js";
export {
  attentionAdditive,
  attentionAdditiveBackward,
  attentionDot,
  attentionDotBackward,
  attentionRead,
  attentionReadBackward,
} from "./attention/reference.js";
export { maxAxis, maxAxisBackward, repeatAxis, sumAxis, swapAxes } from "./axes/reference.js";
export { clamp, clampBackward } from "./clamp/reference.js";
export { crfBackward, crfDecode, crfForward, crfWorkspaceLength } from "./crf/reference.js";
export { ctcBackward, ctcForward, ctcWorkspaceLength } from "./ctc/reference.js";
export { dropout, dropoutBackward } from "./dropout/reference.js";
export { exp } from "./exp/reference.js";
export { fill } from "./fill/reference.js";
export { gatherRows, scatterAddRows } from "./gather/reference.js";
export { gruBackward, gruForward } from "./gru/reference.js";
export { gruVariantGates, gruVariantGatesBackward, gruVariantHidden, gruVariantHiddenBackward } from "./gru-variant/reference.js";
export { imagePatches, imagePatchesBackward } from "./image-patches/reference.js";
export { addDropout, addRowDropout } from "./keyed-dropout/reference.js";
export { layerNorm, layerNormBackward, layerNormWeightGradient } from "./layer-norm/reference.js";
export { log } from "./log/reference.js";
export { lstmBackward, lstmForward } from "./lstm/reference.js";
export {
  lstmPeepholeGradient,
  lstmVariantCell,
  lstmVariantCellBackward,
  lstmVariantHidden,
  lstmVariantHiddenBackward,
} from "./lstm-variant/reference.js";
export { absolute, absoluteBackward, squareRoot } from "./magnitude/reference.js";
export { maskRows } from "./mask/reference.js";
export { multiplyPacked, multiplyTransposed, pack, packedLength, transposedScratchLength } from "./matmul/reference.js";
export { maxPool, maxPoolBackward } from "./max-pool/reference.js";
export { relu, reluBackward } from "./relu/reference.js";
export { rmsprop } from "./rmsprop/reference.js";
export { rnnReluBackward, rnnTanhBackward } from "./rnn/reference.js";
export { addRows, copyRows, repeatRow, sumRows } from "./rows/reference.js";
export {
  segmentMax,
  segmentMaxBackward,
  segmentSoftmax,
  segmentSoftmaxBackward,
  segmentSum,
  segmentSumBackward,
  segmentSumWeightGradient,
} from "./segments/reference.js";
export { sgd } from "./sgd/reference.js";
export { sigmoid } from "./sigmoid/reference.js";
export { sigmoidBackward, tanhBackward } from "./slopes/reference.js";
export {
  crossEntropyWeight,
  logSoftmax,
  logSoftmaxBackward,
  softmax,
  softmaxBackward,
  softmaxCrossEntropy,
} from "./softmax/reference.js";
export { softplus } from "./softplus/reference.js";
export { sum, sumSquares } from "./sum/reference.js";
export { tanh } from "./tanh/reference.js";
