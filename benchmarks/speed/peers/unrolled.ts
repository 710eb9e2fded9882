import {
  adam,
  attentionDecoder,
  configure,
  crossEntropy,
  dense,
  embedding,
  encoderDecoder,
  engineInfo,
  evaluate,
  fit,
  gru,
  lstm,
  type Recurrent,
  rnn,
  sequential,
  sum,
  tensor,
  valueAndGradients,
  version,
} from "unrolled";
import type { Batch } from "../batch.js";
import type { Job, Workload } from "../workload.js";
import type { Peer, Prepared } from "./peer.js";

/** This project. Node, its flags and `UNROLLED_SIMD` are those of the process. */
export const peer: Peer = {
  version,

  async prepare(job, batch, threads) {
    if (threads > 0) await configure({ threads });
    const run = runOf(job, batch);
    const info = engineInfo();
    const counted = `${info.threads} ${info.threads === 1 ? "thread" : "threads"}`;
    return { computesWith: `WebAssembly, ${info.name} build, ${counted}, Node ${process.versions.node}`, run };
  },
};

function runOf(job: Job, batch: Batch): Prepared["run"] {
  if (job.part === "layer") return layerRun(job, batch);
  return job.workload.source > 0 ? sequencesRun(job, batch) : networkRun(job, batch);
}

function recurrentLayer({ kind, inputSize, units, layers, embedded }: Workload): Recurrent {
  const make = { LSTM: lstm, GRU: gru, RNN: rnn }[kind];
  return make({ ...(embedded ? {} : { inputSize }), units, layers, returnSequences: true });
}

function networkRun({ workload, mode }: Job, { x, targets }: Batch): Prepared["run"] {
  const { batch, time, inputSize, classes, embedded } = workload;
  const front = embedded ? [embedding({ vocabularySize: classes, units: inputSize })] : [];
  const network = sequential([...front, recurrentLayer(workload), dense({ units: classes })], { seed: 1 });
  const input = tensor(x, embedded ? [batch, time] : [batch, time, inputSize]);
  if (mode !== "train") return () => network.apply(input).data[0] ?? Number.NaN;
  const data = [{ x: input, y: tensor(targets, [batch, time]) }];
  const options = { loss: crossEntropy(), optimizer: adam({ learningRate: 2e-3 }), epochs: 1 };
  return async () => (await fit(network, data, options)).epochs[0]?.loss ?? Number.NaN;
}

function sequencesRun({ workload }: Job, { x, targets, source }: Batch): Prepared["run"] {
  const { batch, time, inputSize, units, classes, inputFeeding } = workload;
  const words = () => embedding({ vocabularySize: classes, units: inputSize });
  const encoder = sequential([words(), recurrentLayer(workload)], { seed: 1 });
  const decoder = sequential([words(), attentionDecoder({ units, memorySize: units, inputFeeding }), dense({ units: classes })], {
    seed: 2,
  });
  const network = encoderDecoder(encoder, decoder, { seed: 3 });
  const read = { x: tensor(source, [batch, workload.source]) };
  const data = [{ x: tensor(x, [batch, time]), y: tensor(targets, [batch, time]), source: read }];
  const options = { loss: crossEntropy(), optimizer: adam({ learningRate: 2e-3 }), epochs: 1 };
  return async () => (await fit(network, data, options)).epochs[0]?.loss ?? Number.NaN;
}

function layerRun({ workload, mode }: Job, { x }: Batch): Prepared["run"] {
  const { batch, time, inputSize, units } = workload;
  const layer = recurrentLayer(workload);
  if (mode === "step") {
    const stream = sequential([layer], { seed: 1 }).stream();
    const out = new Float32Array(units);
    return () => stream.step(x, out)[0] ?? Number.NaN;
  }
  const input = tensor(x, [batch, time, inputSize]);
  if (mode === "infer") return () => evaluate(() => layer.apply(input).state.h)?.data[0] ?? Number.NaN;
  // A sum hands every output the gradient 1, which takes no other work than the layers'.
  const variables = [...layer.parameters, input];
  return () => valueAndGradients(variables, () => sum(layer.apply(input).output)).value;
}
