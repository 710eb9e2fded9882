/** A network learns to spell: after an "l" comes an "l" or an "o", so it has to remember what it has read. */
import { adam, crossEntropy, dense, embedding, fit, lstm, sequential } from "unrolled";

const text = "hello, little network";
const alphabet = [...new Set(text)];
const indices = Array.from(text, (character) => alphabet.indexOf(character));

const network = sequential(
  [
    embedding({ vocabularySize: alphabet.length, units: 8 }),
    lstm({ units: 24, returnSequences: true }),
    dense({ units: alphabet.length }),
  ],
  { seed: 7 },
);
console.log(network.summary());

// after each character comes the next: [batch, time] of indices
await fit(network, [{ x: [indices.slice(0, -1)], y: [indices.slice(1)] }], {
  loss: crossEntropy(),
  optimizer: adam({ learningRate: 0.02 }),
  epochs: 120,
  onProgress: ({ step, loss }) => {
    if (step % 20 === 0) console.log(`step ${step}: loss ${loss.toFixed(3)}, or ${spell()}`);
  },
});

/** From the first character on, each time the likeliest next. */
function spell(): string {
  const stream = network.stream();
  let written = text.charAt(0);
  while (written.length < text.length) {
    const logits = stream.step(alphabet.indexOf(written.at(-1) ?? ""));
    written += alphabet[logits.indexOf(Math.max(...logits))];
  }
  return written;
}
console.log(spell());
