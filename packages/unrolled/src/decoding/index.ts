export { BeamSearch, type BeamSearchOptions, beamSearch, type DecoderSteps } from "./beam/beam-search.js";
export type { Hypothesis } from "./beam/hypothesis.js";
export { type CrfDecodeOptions, crfDecode } from "./crf/decode.js";
export { type CtcBeamOptions, type CtcHypothesis, ctcBeamDecode } from "./ctc/beam.js";
export { ctcGreedyDecode } from "./ctc/greedy.js";
