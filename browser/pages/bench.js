/** Training steps against the clock, on a page and in Node alike: the case "LSTM B64 T128 I128 H256" of benchmarks/speed. */
import { adam, configure, crossEntropy, dense, engineInfo, fit, lstm, sequential, tensor } from "unrolled";

const [batch, time, inputSize, units, classes] = [64, 128, 128, 256, 65];

/** Prepares the network; the function that it gives takes steps for some milliseconds and tells how long each took. */
export async function prepare(simd) {
  await configure({ simd });
  const network = sequential([lstm({ inputSize, units, returnSequences: true }), dense({ units: classes })], { seed: 1 });
  const x = tensor(
    Float32Array.from({ length: batch * time * inputSize }, (_, index) => Math.sin(1.7 * index) + Math.cos(0.3 * index)),
    [batch, time, inputSize],
  );
  const y = tensor(
    Int32Array.from({ length: batch * time }, (_, index) => (index * 7) % classes),
    [batch, time],
  );
  const options = { loss: crossEntropy(), optimizer: adam({ learningRate: 2e-3 }), epochs: 1 };
  return async ({ threads, milliseconds }) => {
    await configure({ threads });
    const times = [];
    const losses = [];
    const began = performance.now();
    for (let now = began; times.length === 0 || now - began < milliseconds; ) {
      const { epochs } = await fit(network, [{ x, y }], options);
      const before = now;
      now = performance.now();
      times.push(now - before);
      losses.push(epochs[0].loss);
    }
    return { times, losses, threads: engineInfo().threads };
  };
}
