/** A training loop of one's own: gradients of any loss, and an optimizer that follows them. */
import { adam, dense, gru, mean, sequential, square, subtract, tensor, valueAndGradients } from "unrolled";

// waves of 16 frequencies, 24 steps each, and each step's next: [batch, time, 1]
const wave = (frequency: number, from: number) => Array.from({ length: 24 }, (_, t) => [Math.sin(frequency * (t + from))]);
const frequencies = Array.from({ length: 16 }, (_, index) => 0.2 + 0.05 * index);
const x = tensor(frequencies.map((frequency) => wave(frequency, 0)));
const y = tensor(frequencies.map((frequency) => wave(frequency, 1)));

const network = sequential([gru({ inputSize: 1, units: 16, returnSequences: true }), dense({ units: 1 })], { seed: 7 });
const optimizer = adam({ learningRate: 0.01 });

const squaredError = () => mean(square(subtract(network.apply(x), y)));
for (let step = 1; step <= 300; step++) {
  optimizer.learningRate = 0.01 * 0.5 ** Math.floor(step / 100);
  const { value, gradients } = valueAndGradients(network.parameters, squaredError);
  optimizer.update(network.parameters, gradients);
  if (step % 50 === 0) console.log(`step ${step}: squared error ${value.toFixed(5)}`);
}

const repeating = mean(square(subtract(x, y))).item();
console.log(`the network ${squaredError().item().toFixed(5)}, repeating the last value ${repeating.toFixed(5)}`);
