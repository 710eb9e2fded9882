export { type CtcBeamOptions, type CtcHypothesis, ctcBeamDecode } from "./ctc/beam.js";
export { ctcGreedyDecode } from "./ctc/greedy.js";
