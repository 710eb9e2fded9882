/** A network that watches a sensor: trained on whole stretches, it then reads one value at a time, in constant memory. */
import { adam, dense, fit, gru, meanSquaredError, sequential } from "unrolled";

// two waves; later the sensor errs twice
const normal = (t: number) => Math.sin(0.3 * t) + 0.5 * Math.sin(0.11 * t);
const measured = (t: number) => normal(t) + (t === 1040 ? 0.8 : t === 1070 ? -0.6 : 0);

// stretches of 50 values, each value's next to be foretold: [batch, time, 1]
const stretches = Array.from({ length: 20 }, (_, stretch) =>
  Array.from({ length: 51 }, (_, step) => [normal(50 * stretch + step)]),
);
const batch = { x: stretches.map((values) => values.slice(0, -1)), y: stretches.map((values) => values.slice(1)) };
const network = sequential([gru({ inputSize: 1, units: 24, returnSequences: true }), dense({ units: 1 })], { seed: 7 });
await fit(network, [batch], { loss: meanSquaredError(), optimizer: adam({ learningRate: 0.01 }), epochs: 200 });

const stream = network.stream();
const next = new Float32Array(1); // what the network expects, written anew at each step
for (let t = 1000; t < 1100; t++) {
  const [expected = 0] = next;
  const surprising = t > 1010 && Math.abs(measured(t) - expected) > 0.4;
  if (surprising) console.log(`t ${t}: measured ${measured(t).toFixed(2)}, expected ${expected.toFixed(2)}`);
  stream.step([surprising ? expected : measured(t)], next);
}

// look ahead on what the network itself expects, then go back to where it was
const now = stream.state;
let expected = next[0] ?? 0;
for (let t = 1100; t < 1105; t++) {
  console.log(`t ${t}: will be ${expected.toFixed(2)}, is ${normal(t).toFixed(2)}`);
  [expected = 0] = stream.step([expected]);
}
stream.state = now;

const stretch = stretches[0] ?? [];
const whole = network.apply([stretch]).data;
const single = network.stream();
console.log(`a stream gives the same bits as a whole stretch: ${stretch.every((x, step) => single.step(x)[0] === whole[step])}`);
