/** The Wasm module: every kernel, over element addresses of the imported memory. Names and arguments are those of reference.ts. */
export { classAccuracy, signAccuracy } from "./accuracy/accuracy";
export { addScaled, multiplyAdd, scale } from "./accumulate/accumulate";
export { adagrad } from "./adagrad/adagrad";
export { adam } from "./adam/adam";
export { add, divide, multiply, subtract } from "./arithmetic/arithmetic";
export {
  attentionAdditive,
  attentionAdditiveBackward,
  attentionDot,
  attentionDotBackward,
  attentionRead,
  attentionReadBackward,
} from "./attention/attention";
export { maxAxis, maxAxisBackward, repeatAxis, sumAxis, swapAxes } from "./axes/axes";
export { clamp, clampBackward } from "./clamp/clamp";
export { crfBackward, crfDecode, crfForward, crfWorkspaceLength } from "./crf/crf";
export { ctcBackward, ctcForward, ctcWorkspaceLength } from "./ctc/ctc";
export { dropout, dropoutBackward } from "./dropout/dropout";
export { exp } from "./exp/exp";
export { fill } from "./fill/fill";
export { gatherRows, scatterAddRows } from "./gather/gather";
export { gruBackward, gruForward } from "./gru/gru";
export { gruVariantGates, gruVariantGatesBackward, gruVariantHidden, gruVariantHiddenBackward } from "./gru-variant/gru-variant";
export { imagePatches, imagePatchesBackward } from "./image-patches/image-patches";
export { addDropout, addRowDropout } from "./keyed-dropout/keyed-dropout";
export { layerNorm, layerNormBackward, layerNormWeightGradient } from "./layer-norm/layer-norm";
export { log } from "./log/log";
export { lstmBackward, lstmForward } from "./lstm/lstm";
export {
  lstmPeepholeGradient,
  lstmVariantCell,
  lstmVariantCellBackward,
  lstmVariantHidden,
  lstmVariantHiddenBackward,
} from "./lstm-variant/lstm-variant";
export { absolute, absoluteBackward, squareRoot } from "./magnitude/magnitude";
export { maskRows } from "./mask/mask";
export { multiplyPacked, multiplyTransposed } from "./matmul/matmul";
export { pack, packedLength, transposedScratchLength } from "./matmul/pack";
export { maxPool, maxPoolBackward } from "./max-pool/max-pool";
export { relu, reluBackward } from "./relu/relu";
export { rmsprop } from "./rmsprop/rmsprop";
export { rnnReluBackward, rnnTanhBackward } from "./rnn/rnn";
export { addRows, copyRows, repeatRow, sumRows } from "./rows/rows";
export {
  segmentMax,
  segmentMaxBackward,
  segmentSoftmax,
  segmentSoftmaxBackward,
  segmentSum,
  segmentSumBackward,
  segmentSumWeightGradient,
} from "./segments/segments";
export { sgd } from "./sgd/sgd";
export { sigmoid } from "./sigmoid/sigmoid";
export { sigmoidBackward, tanhBackward } from "./slopes/slopes";
export { crossEntropyWeight, logSoftmax, logSoftmaxBackward, softmax, softmaxBackward, softmaxCrossEntropy } from "./softmax/softmax";
export { softplus } from "./softplus/softplus";
export { sum, sumSquares } from "./sum/sum";
export { tanh } from "./tanh/tanh";

/** The first element past the constants that the kernels keep in memory. */
export function constantsEnd(): u32 {
  return <u32>((__heap_base + 3) >> 2);
}
