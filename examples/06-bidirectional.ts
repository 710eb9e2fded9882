/** A tag for every step that depends on what stands on both sides of it: do its two neighbours differ? */
import { adam, binaryCrossEntropy, dense, fit, lstm, sequential, tensor } from "unrolled";

// all sequences of 8 bits; every fourth is kept for the test
const time = 8;
const sequences = Array.from({ length: 2 ** time }, (_, n) => Array.from({ length: time }, (_, step) => (n >> step) & 1));
const differ = (bits: number[], step: number) => ((bits[step - 1] ?? 0) === (bits[step + 1] ?? 0) ? 0 : 1);
const batchOf = (rows: number[][]) => ({
  x: tensor(rows.map((bits) => bits.map((bit) => [bit]))), // [batch, time, 1]
  y: tensor(rows.map((bits) => bits.map((_, step) => [differ(bits, step)]))),
});
const training = batchOf(sequences.filter((_, index) => index % 4 !== 0));
const test = batchOf(sequences.filter((_, index) => index % 4 === 0));

for (const bidirectional of [undefined, "concat"] as const) {
  const options = { inputSize: 1, units: 12, layers: 2, returnSequences: true };
  const recurrent = lstm(bidirectional ? { ...options, bidirectional } : options);
  const network = sequential([recurrent, dense({ units: 1 })], { seed: 7 });
  await fit(network, [training], { loss: binaryCrossEntropy(), optimizer: adam({ learningRate: 0.03 }), epochs: 60 });
  const logits = network.apply(test.x).data;
  const right = test.y.data.filter((tag, index) => ((logits[index] ?? 0) > 0 ? 1 : 0) === tag).length;
  console.log(
    `${bidirectional ? "both directions" : "forward only"}: ${((100 * right) / test.y.size).toFixed(1)} % of the tags right`,
  );
}
