import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import tf from "@tensorflow/tfjs";
import wasm from "@tensorflow/tfjs-backend-wasm";
import type { Peer } from "./peer.js";

/** TensorFlow.js on its WebAssembly backend, the fastest of those that install without native code. */
export const peer: Peer = {
  version: tf.version.tfjs,

  async prepare({ batch, time, inputSize, units, layers, classes, learningRate }, { x, targets }) {
    const program = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
    wasm.setWasmPaths(dirname(program) + sep);
    if (!(await tf.setBackend("wasm"))) throw new Error("TensorFlow.js: its WebAssembly backend doesn't start here");

    const input = tf.input({ shape: [time, inputSize] });
    let output = input;
    for (let layer = 0; layer < layers; layer++) {
      output = tf.layers.lstm({ units, returnSequences: true, recurrentActivation: "sigmoid" }).apply(output);
    }
    output = tf.layers.dense({ units: classes, activation: "softmax" }).apply(output);
    const model = tf.model({ inputs: input, outputs: output });
    model.compile({ optimizer: tf.train.adam(learningRate), loss: "sparseCategoricalCrossentropy" });

    const inputs = tf.tensor(x, [batch, time, inputSize]);
    // Its sparse cross-entropy takes classes as numbers, with an axis of their own.
    const classesDue = tf.tensor(Float32Array.from(targets), [batch, time, 1]);
    return { computesWith: backendInUse(), step: () => model.trainOnBatch(inputs, classesDue) };
  },
};

function backendInUse(): string {
  const simd = tf.env().getBool("WASM_HAS_SIMD_SUPPORT") ? "SIMD" : "no SIMD";
  const threads = wasm.getThreadsCount();
  return `WebAssembly backend, ${simd}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}
