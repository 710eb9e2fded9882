import { createRequire } from "node:module";
import brain from "brain.js";
import type { Peer } from "./peer.js";

/** Its simple recurrent cell is a rectifier without clipping by norm, and diverges at the default of 0.01. */
const LEARNING_RATE = 1e-5;

/**
 * brain.js. Its time step networks learn one sequence at a time, and to predict each next step, so a run is one sequence of the
 * batch, with mean squared error on I outputs, and its time counts B times.
 */
export const peer: Peer = {
  version: (createRequire(import.meta.url)("brain.js/package.json") as { version: string }).version,

  prepare({ workload, mode }, { x }) {
    const { kind, batch, time, inputSize, units, layers } = workload;
    const network = new brain.recurrent[`${kind}TimeStep`]({
      inputSize,
      hiddenLayers: Array.from({ length: layers }, () => units),
      outputSize: inputSize,
    });
    const sequences = Array.from({ length: batch }, (_, sequence) =>
      Array.from({ length: time }, (_, step) => {
        const first = (sequence * time + step) * inputSize;
        return Float32Array.from(x.subarray(first, first + inputSize));
      }),
    );
    let next = 0;
    const train = () =>
      network.train([sequences[next++ % batch] ?? []], { iterations: 1, errorThresh: 0, learningRate: LEARNING_RATE }).error;
    const infer = () => network.run(sequences[next++ % batch] ?? [])[0] ?? Number.NaN;
    const computesWith = `plain JavaScript, 1 thread, one sequence at a time, Node ${process.versions.node}`;
    // A network that never learnt refuses to run.
    if (mode === "infer") train();
    return Promise.resolve({ computesWith, run: mode === "infer" ? infer : train, partsOfJob: batch });
  },
};
