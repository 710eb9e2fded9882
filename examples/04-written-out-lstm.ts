/** The LSTM written out in ops, with PyTorch's names: the built-in layer's weights fit, and give the same numbers. */
import * as u from "unrolled";

const units = 8;
const writtenOut = u.defineCell({
  name: "writtenOut",
  parameters: ({ inputSize: I, units: H }) => {
    const G = 4 * H;
    return { weight_ih: [G, I], weight_hh: [G, H], bias_ih: [G], bias_hh: [G] };
  },
  state: ({ units: H }) => ({ h: [H], c: [H] }),
  step: (x, state, { weight_ih, weight_hh, bias_ih, bias_hh }) => {
    const gates = u.add(u.linear(x, weight_ih, bias_ih), u.linear(state.h, weight_hh, bias_hh));
    const gate = (index: number) => u.slice(gates, 1, index * units, (index + 1) * units);
    const [i, f, g, o] = [u.sigmoid(gate(0)), u.sigmoid(gate(1)), u.tanh(gate(2)), u.sigmoid(gate(3))];
    const c = u.add(u.multiply(f, state.c), u.multiply(i, g));
    const h = u.multiply(o, u.tanh(c));
    return { output: h, state: { h, c } };
  },
});

const options = { inputSize: 3, units, layers: 2, bidirectional: "concat", returnSequences: true } as const;
const builtIn = u.lstm({ ...options, seed: 7 });
const own = u.recurrent(writtenOut, options);
own.loadStateDict(builtIn.stateDict());

// five sequences of 1 to 12 steps
const values = Float32Array.from({ length: 5 * 12 * 3 }, (_, n) => Math.sin(n * n));
const [x, lengths] = [u.tensor(values, [5, 12, 3]), [12, 7, 1, 9, 4]];
const gradientsOf = (layer: typeof builtIn) =>
  u.valueAndGradients(layer.parameters, () => u.mean(u.square(layer.apply(x, { lengths }).output)));

const [a, b] = [gradientsOf(builtIn), gradientsOf(own)];
console.log(`mean squares: built in ${a.value.toFixed(8)}, written out ${b.value.toFixed(8)}`);
const differences = a.gradients.map((gradient, index) => u.max(u.abs(u.subtract(gradient, b.gradients[index] ?? 0))).item());
console.log(`gradients of ${own.parameters.length} weights differ by ${Math.max(...differences).toExponential(0)} at most`);
