/** A cell of one's own, the minimal gated unit (Zhou et al. 2016), learns to say last what it read first. */
import * as u from "unrolled";

// f = σ(W_f [x, h'] + b_f),  n = tanh(W_n [x, f⊙h'] + b_n),  h = (1 − f)⊙h' + f⊙n
const minimalGatedUnit = u.defineCell({
  name: "minimalGatedUnit",
  parameters: ({ inputSize: I, units: H }) => ({ W_f: [H, I + H], b_f: [H], W_n: [H, I + H], b_n: [H] }),
  state: ({ units }) => ({ h: [units] }),
  step: (x, { h }, { W_f, b_f, W_n, b_n }) => {
    const f = u.sigmoid(u.linear(u.concat([x, h], 1), W_f, b_f));
    const n = u.tanh(u.linear(u.concat([x, u.multiply(f, h)], 1), W_n, b_n));
    const next = u.add(h, u.multiply(f, u.subtract(n, h)));
    return { output: next, state: { h: next } };
  },
});

// its gradient comes from the ops, in every kind of layer: finite differences agree
const layer = u.recurrent(minimalGatedUnit, { inputSize: 2, units: 3, layers: 2, bidirectional: "concat", seed: 7 });
const x = u.tensor(Float32Array.of(0.1, -0.4, 0.9, 0.3, -0.7, 0.5), [1, 3, 2]);
const { largestError } = u.checkGradients(layer.parameters, () => u.sum(u.square(layer.apply(x).output)), { entries: 5 });
console.log(`gradients differ by ${largestError.toExponential(0)} at most`);

// one of four symbols, then seven bits that say nothing about it
const bits = (n: number) => Array.from({ length: 7 }, (_, bit) => (n >> bit) & 1);
const sequences = Array.from({ length: 128 }, (_, n) => [2 + (n % 4), ...bits(n * 37)]);
const batch = { x: sequences, y: sequences.map(([first = 0]) => first - 2) };
const network = u.sequential(
  [u.embedding({ vocabularySize: 6, units: 8 }), u.recurrent(minimalGatedUnit, { units: 16 }), u.dense({ units: 4 })],
  { seed: 7 },
);
const loss = u.crossEntropy();
const before = await u.evaluateLoss(network, [batch], loss);
await u.fit(network, [batch], { loss, optimizer: u.adam({ learningRate: 0.02 }), epochs: 80 });
const after = await u.evaluateLoss(network, [batch], loss);
console.log(`loss before ${before.toFixed(3)}, as of guessing, after ${after.toFixed(3)}`);
