import { adam, crossEntropy, dense, engineInfo, fit, lstm, sequential, tensor, version } from "unrolled";
import type { Peer } from "./peer.js";

export const peer: Peer = {
  version,

  prepare({ batch, time, inputSize, units, layers, classes, learningRate }, { x, targets }) {
    const recurrent = lstm({ inputSize, units, layers, returnSequences: true });
    const network = sequential([recurrent, dense({ units: classes })], { seed: 1 });
    const data = [{ x: tensor(x, [batch, time, inputSize]), y: tensor(targets, [batch, time]) }];
    const options = { loss: crossEntropy(), optimizer: adam({ learningRate }), epochs: 1 };
    const step = async () => (await fit(network, data, options)).epochs[0]?.loss ?? Number.NaN;
    return Promise.resolve({ computesWith: `WebAssembly, ${engineInfo().name} build, 1 thread`, step });
  },
};
