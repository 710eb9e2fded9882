/** The Wasm module: every kernel, over element addresses of the imported memory. Names and arguments are those of reference.ts. */
export { addScaled, multiplyAdd, scale } from "./accumulate/accumulate";
export { adam } from "./adam/adam";
export { add, divide, multiply, subtract } from "./arithmetic/arithmetic";
export { maxAxis, maxAxisBackward, repeatAxis, sumAxis, swapAxes } from "./axes/axes";
export { dropout, dropoutBackward } from "./dropout/dropout";
export { exp } from "./exp/exp";
export { fill } from "./fill/fill";
export { gatherRows, scatterAddRows } from "./gather/gather";
export { gruBackward, gruForward } from "./gru/gru";
export { log } from "./log/log";
export { lstmBackward, lstmForward } from "./lstm/lstm";
export { absolute, absoluteBackward, squareRoot } from "./magnitude/magnitude";
export { multiplyPacked, multiplyTransposed, pack, packedLength, transposedScratchLength } from "./matmul/matmul";
export { relu, reluBackward } from "./relu/relu";
export { rnnReluBackward, rnnTanhBackward } from "./rnn/rnn";
export { addRows, copyRows, repeatRow, sumRows } from "./rows/rows";
export { sgd } from "./sgd/sgd";
export { sigmoid } from "./sigmoid/sigmoid";
export { sigmoidBackward, tanhBackward } from "./slopes/slopes";
export { logSoftmax, logSoftmaxBackward, softmax, softmaxBackward, softmaxCrossEntropy } from "./softmax/softmax";
export { sum, sumSquares } from "./sum/sum";
export { tanh } from "./tanh/tanh";

/** The first element past the constants that the kernels keep in memory. */
export function constantsEnd(): u32 {
  return <u32>((__heap_base + 3) >> 2);
}
