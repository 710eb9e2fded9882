/** Sequences of unequal lengths: where does a walk of steps up and down end? What stands past an end is neither read nor computed. */
import { adam, binaryCrossEntropy, dense, fit, gru, sequential, tensor } from "unrolled";

/** Every walk of an odd number of steps, each +1 or −1, so that none ends at 0. */
const walksOf = (length: number) =>
  Array.from({ length: 2 ** length }, (_, n) => Array.from({ length }, (_, step) => ((n >> step) & 1 ? 1 : -1)));

/** Walks side by side: `x: [batch, time, 1]`, filled up with `padding`; `y: [batch, 1]`, whether they end above 0. */
function batchOf(walks: number[][], padding = 0) {
  const lengths = walks.map((walk) => walk.length);
  const time = Math.max(...lengths);
  return {
    x: tensor(walks.map((walk) => Array.from({ length: time }, (_, step) => [walk[step] ?? padding]))),
    y: tensor(walks.map((walk) => [walk.reduce((height, step) => height + step, 0) > 0 ? 1 : 0])),
    lengths,
  };
}

const network = sequential([gru({ inputSize: 1, units: 8 }), dense({ units: 1 })], { seed: 7 });
const training = batchOf([1, 3, 5, 7].flatMap(walksOf));
await fit(network, [training], { loss: binaryCrossEntropy(), optimizer: adam({ learningRate: 0.03 }), epochs: 150 });

/** How many walks are told right. */
function accuracy({ x, y, lengths }: ReturnType<typeof batchOf>): string {
  const logits = network.apply(x, { lengths }).data;
  const right = y.data.filter((above, index) => ((logits[index] ?? 0) > 0 ? 1 : 0) === above).length;
  return `${((100 * right) / y.size).toFixed(1)} %`;
}
console.log(`walks of 1 to 7 steps: ${accuracy(training)} right`);
console.log(`walks of 9 and 11 steps, longer than any seen: ${accuracy(batchOf([9, 11].flatMap(walksOf)))} right`);

const walks = [[1, 1, -1], [-1], [1, -1, 1, 1, 1]];
const outputs = [0, 1e6, Number.NaN].map((padding) => network.apply(batchOf(walks, padding).x, { lengths: [3, 1, 5] }).data);
console.log(`logits of three walks ${outputs[0]?.join(" ")}`);
console.log(`the same bits whatever the padding: ${outputs.every((output) => output.join() === outputs[0]?.join())}`);
