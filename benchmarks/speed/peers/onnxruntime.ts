import { availableParallelism } from "node:os";
import ort from "onnxruntime-node";
import type { Batch } from "../batch.js";
import type { Job } from "../workload.js";
import { onnxModel } from "./onnx-model.js";
import type { Peer, Prepared } from "./peer.js";

/** onnxruntime on its processor backend, which computes forward only. */
export const peer: Peer = {
  version: ort.env.versions.common,

  async prepare(job, batch, threads) {
    const count = threads || availableParallelism();
    const session = await ort.InferenceSession.create(onnxModel(job), {
      intraOpNumThreads: count,
      interOpNumThreads: 1,
      // Its threads spin after a run, so that the next one finds them awake; in the others' turns they would take processor time.
      extra: { session: { force_spinning_stop: "1" } },
    });
    const { time, inputSize, units } = job.workload;
    const x = new ort.Tensor("float32", timeMajor(job, batch), [time, job.workload.batch, inputSize]);
    const computesWith = `native, ${count} ${count === 1 ? "thread" : "threads"}, Node ${process.versions.node}`;
    if (job.mode !== "step") return { computesWith, run: async () => firstNumber(await session.run({ x })) };

    const state = () => new ort.Tensor("float32", new Float32Array(units), [1, 1, units]);
    let [h, c] = [state(), state()];
    const run: Prepared["run"] = async () => {
      const outputs = await session.run({ x, h, c });
      if (outputs.nextH && outputs.nextC) [h, c] = [outputs.nextH, outputs.nextC];
      return firstNumber(outputs);
    };
    return { computesWith, run };
  },
};

function firstNumber(outputs: Readonly<Record<string, { readonly data: Float32Array }>>): number {
  return Object.values(outputs)[0]?.data[0] ?? Number.NaN;
}

/** [B, T, I] → [T, B, I], which its users do beforehand. */
function timeMajor({ workload: { batch, time, inputSize } }: Job, { x }: Batch): Float32Array {
  const turned = new Float32Array(x.length);
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let step = 0; step < time; step++) {
      const from = (sequence * time + step) * inputSize;
      turned.set(x.subarray(from, from + inputSize), (step * batch + sequence) * inputSize);
    }
  }
  return turned;
}
