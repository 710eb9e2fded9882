import type { Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import type { Sequential } from "../../layers/sequential.js";
import { type GenerateOptions, Sampler } from "./sampling.js";

/** What writes on: the network, and the tokens that it knows. */
interface Speaker {
  readonly network: Sequential;
  readonly vocabulary: Vocabulary;
}

/**
 * What comes after a prompt, token by token: characters, each word with the space before it, or the characters that a piece makes whole. A character
 * that the last piece began is left out.
 */
export function* continuation(
  { network, vocabulary }: Speaker,
  prompt: string,
  options: GenerateOptions,
): Generator<string, void, undefined> {
  const sampler = new Sampler(options);
  const stream = network.stream();
  const spaced = piecesWithSpace(vocabulary, prompt);
  const read = spaced ? prompt.slice(0, -1) : prompt;
  let logits = new Float32Array(vocabulary.size);
  for (const index of promptIndices(vocabulary, read)) stream.step(index, logits);
  const writer = vocabulary.writer(read);
  for (let count = 0; count < sampler.length && !options.signal?.aborted; count++) {
    const only = count === 0 ? spaced : undefined;
    const index = sampler.draw(logits, only);
    const text = writer.write(index);
    const written = only ? text.slice(1) : text;
    if (written !== "") yield written;
    if (count + 1 < sampler.length) logits = stream.step(index, logits);
  }
}

/**
 * Where a prompt ends in a space that belongs to the piece behind it: the pieces that begin with a space, of which the next one has to be. After
 * the space by itself hardly any word ever came in training.
 */
function piecesWithSpace({ tokenizer, size }: Vocabulary, prompt: string): ((index: number) => boolean) | undefined {
  if (!tokenizer || !/\S $/u.test(prompt)) return undefined;
  const begins = Array.from({ length: size }, (_, index) => index > 0 && tokenizer.written(index - 1).bytes[0] === 0x20);
  return begins.includes(true) ? (index) => begins[index] === true : undefined;
}

function promptIndices(vocabulary: Vocabulary, prompt: string): Int32Array {
  const indices = vocabulary.encode(prompt);
  if (indices.length === 0) {
    const lineBreak = vocabulary.encode("\n");
    return (lineBreak[0] ?? 0) === 0 ? Int32Array.of(1) : lineBreak;
  }
  const unknown = vocabulary.tokens === "char" ? indices.indexOf(0) : -1;
  if (unknown < 0) return indices;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `generate: character ${unknown + 1} of the prompt, ${JSON.stringify([...prompt][unknown])}, is not among the ` +
      `${vocabulary.size - 1} that the model knows; leave it out.`,
  );
}
