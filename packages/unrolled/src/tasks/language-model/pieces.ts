import type { Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import type { Sequential } from "../../layers/sequential.js";
import { type GenerateOptions, Sampler } from "./sampling.js";

/** What writes on: the network, and the words that it knows. */
interface Speaker {
  readonly network: Sequential;
  readonly vocabulary: Vocabulary;
}

/** What comes after a prompt, token by token: characters, or each word with the space before it. */
export function* pieces(
  { network, vocabulary }: Speaker,
  prompt: string,
  options: GenerateOptions,
): Generator<string, void, undefined> {
  const sampler = new Sampler(options);
  const stream = network.stream();
  let logits = new Float32Array(vocabulary.size);
  for (const index of promptIndices(vocabulary, prompt)) stream.step(index, logits);
  let before = /\s$/u.test(prompt) ? undefined : vocabulary.split(prompt).at(-1);
  for (let count = 0; count < sampler.length && !options.signal?.aborted; count++) {
    const index = sampler.draw(logits);
    const token = vocabulary.symbols[index] as string;
    yield vocabulary.between(before, token) + token;
    before = token;
    if (count + 1 < sampler.length) logits = stream.step(index, logits);
  }
}

function promptIndices(vocabulary: Vocabulary, prompt: string): Int32Array {
  const indices = vocabulary.encode(prompt);
  if (indices.length === 0) {
    const lineBreak = vocabulary.encode("\n");
    return lineBreak[0] === 0 ? Int32Array.of(1) : lineBreak;
  }
  const unknown = vocabulary.tokens === "word" ? -1 : indices.indexOf(0);
  if (unknown < 0) return indices;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `generate: character ${unknown + 1} of the prompt, ${JSON.stringify([...prompt][unknown])}, is not among the ` +
      `${vocabulary.size - 1} that the model knows; leave it out.`,
  );
}
