import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import tf, { type LayersModel } from "@tensorflow/tfjs";
import wasm from "@tensorflow/tfjs-backend-wasm";
import type { Batch } from "../batch.js";
import type { Job } from "../workload.js";
import type { Peer, Prepared } from "./peer.js";

/** Its default, orthogonal weights, takes it longer to draw than all else for many units; it changes no step's time. */
const start = { recurrentInitializer: "glorotUniform" } as const;

/** TensorFlow.js on its WebAssembly backend, the fastest of those that install without native code. */
export const peer: Peer = {
  version: tf.version.tfjs,

  async prepare(job, batch) {
    const program = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
    wasm.setWasmPaths(dirname(program) + sep);
    if (!(await tf.setBackend("wasm"))) throw new Error("TensorFlow.js: its WebAssembly backend doesn't start here");
    const run =
      job.mode === "step" ? streamRun(job, batch) : job.workload.source > 0 ? sequencesRun(job, batch) : networkRun(job, batch);
    return { computesWith: backendInUse(), run };
  },
};

function networkRun({ workload, mode }: Job, { x, targets }: Batch): Prepared["run"] {
  const { kind, batch, time, inputSize, units, layers, classes } = workload;
  const recurrent = {
    LSTM: () => tf.layers.lstm({ ...start, units, returnSequences: true, recurrentActivation: "sigmoid" }),
    GRU: () => tf.layers.gru({ ...start, units, returnSequences: true, recurrentActivation: "sigmoid" }),
    RNN: () => tf.layers.simpleRNN({ ...start, units, returnSequences: true }),
  }[kind];
  const input = tf.input({ shape: [time, inputSize] });
  let output = input;
  for (let layer = 0; layer < layers; layer++) output = recurrent().apply(output);
  output = tf.layers.dense({ units: classes, ...(mode === "train" ? { activation: "softmax" } : {}) }).apply(output);
  const model = tf.model({ inputs: input, outputs: output });
  const inputs = tf.tensor(x, [batch, time, inputSize]);
  if (mode === "infer") return () => firstNumber(model, inputs, batch);
  model.compile({ optimizer: tf.train.adam(2e-3), loss: "sparseCategoricalCrossentropy" });
  // Its sparse cross-entropy takes classes as numbers, with an axis of their own.
  const classesDue = tf.tensor(Float32Array.from(targets), [batch, time, 1]);
  return () => model.trainOnBatch(inputs, classesDue);
}

/** As its own example of attention builds it, of layers; words as one-hot vectors, since its embedding has no gradient on this backend. */
function sequencesRun({ workload }: Job, { x, targets, source }: Batch): Prepared["run"] {
  const { batch, time, source: sourceTime, inputSize, units, classes } = workload;
  const { dense, dot, concatenate, activation, globalAveragePooling1d } = tf.layers;
  const lstm = () => tf.layers.lstm({ ...start, units, returnSequences: true, recurrentActivation: "sigmoid" });
  const words = () => dense({ units: inputSize, useBias: false });
  const read = tf.input({ shape: [sourceTime, classes] });
  const memory = lstm().apply(words().apply(read));
  const mean = globalAveragePooling1d({}).apply(memory);
  const state = () => dense({ units, activation: "tanh" }).apply(mean);
  const written = tf.input({ shape: [time, classes] });
  const states = lstm().apply(words().apply(written), { initialState: [state(), state()] });
  const scores = dot({ axes: [2, 2] }).apply([dense({ units, useBias: false }).apply(states), memory]);
  const context = dot({ axes: [2, 1] }).apply([activation({ activation: "softmax" }).apply(scores), memory]);
  const both = concatenate({}).apply([context, states]);
  const attentional = dense({ units, useBias: false, activation: "tanh" }).apply(both);
  const output = dense({ units: classes, activation: "softmax" }).apply(attentional);
  const model = tf.model({ inputs: [read, written], outputs: output });
  model.compile({ optimizer: tf.train.adam(2e-3), loss: "sparseCategoricalCrossentropy" });
  const oneHot = (indices: ArrayLike<number>, steps: number) => {
    const vectors = new Float32Array(batch * steps * classes);
    for (let row = 0; row < batch * steps; row++) vectors[row * classes + (indices[row] ?? 0)] = 1;
    return tf.tensor(vectors, [batch, steps, classes]);
  };
  const inputs = [oneHot(source, sourceTime), oneHot(x, time)];
  const classesDue = tf.tensor(Float32Array.from(targets), [batch, time, 1]);
  return () => model.trainOnBatch(inputs, classesDue);
}

/** Its way to read step by step: a stateful layer on sequences of one step. */
function streamRun({ workload: { inputSize, units } }: Job, { x }: Batch): Prepared["run"] {
  const input = tf.input({ batchShape: [1, 1, inputSize] });
  const layer = tf.layers.lstm({ ...start, units, returnSequences: false, recurrentActivation: "sigmoid", stateful: true });
  const model = tf.model({ inputs: input, outputs: layer.apply(input) });
  return () => {
    const step = tf.tensor(x, [1, 1, inputSize]);
    const value = firstNumber(model, step, 1);
    step.dispose();
    return value;
  };
}

function firstNumber(model: LayersModel, inputs: ReturnType<typeof tf.tensor>, batchSize: number): number {
  const output = model.predict(inputs, { batchSize });
  const value = output.dataSync()[0] ?? Number.NaN;
  output.dispose();
  return value;
}

function backendInUse(): string {
  const simd = tf.env().getBool("WASM_HAS_SIMD_SUPPORT") ? "SIMD" : "no SIMD";
  const threads = wasm.getThreadsCount();
  return `WebAssembly backend, ${simd}, ${threads} ${threads === 1 ? "thread" : "threads"}, Node ${process.versions.node}`;
}
