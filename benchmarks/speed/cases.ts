import { type Mode, type Workload, workload } from "./workload.js";

/** What is raced: a workload and what is done with it. */
export interface Case {
  readonly workload: Workload;
  readonly mode: Mode;
}

const LAYERS = [
  "LSTM B32 T64 I64 H64",
  "LSTM B50 T50 I128 H128 L2",
  "LSTM B64 T128 I128 H256",
  "LSTM B32 T35 I650 H650 L2",
  "LSTM B1 T128 I128 H128",
  "GRU B64 T128 I128 H256",
  "GRU B32 T64 I64 H64",
  "RNN B64 T128 I128 H256",
];

/** A word model: an embedding of 10,000 words, two layers, a softmax over all of them. */
const WORDS = "LSTM B20 T20 E200 H200 L2 V10000";

/** Sequence to sequence with attention, of sentences, with and without input feeding; and of short ones, as `eng-fra` of the benchmark of quality has them. */
const SEQUENCES = ["LSTM B64 T20 S20 E256 H256 V8000 F1", "LSTM B64 T20 S20 E256 H256 V8000", "LSTM B64 T8 S8 E256 H256 V2000"];

/** A stream: what a program that answers while it listens waits for. */
const STREAM = "LSTM B1 T1 I128 H128";

export const cases: readonly Case[] = [
  ...[...LAYERS, WORDS, ...SEQUENCES].map((name): Case => ({ workload: workload(name), mode: "train" })),
  ...[...LAYERS, WORDS].map((name): Case => ({ workload: workload(name), mode: "infer" })),
  { workload: workload(STREAM), mode: "step" },
];

/** The workload of a published figure that other benchmarks take up: start-up the smallest, memory the third. */
export const smallest = workload("LSTM B32 T64 I64 H64");
export const third = workload("LSTM B64 T128 I128 H256");
