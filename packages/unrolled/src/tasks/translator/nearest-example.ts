import { type Data, examplesOf } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import type { TranslatorExample } from "./examples.js";

/** Answers without a network. */
export interface NearestExample {
  /** The target of the example whose source is most like a text. */
  predict(source: string): string;
}

/** Examples that are held at most; of more the first ones. */
const MOST_EXAMPLES = 50_000;

/**
 * The naive baseline of a translator: the target of that training example whose source has most in common with a text. Texts are compared by their
 * characters three at a time, each counting for the less the more examples have it (cosine of tf-idf; Salton & Buckley 1988).
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where there are no examples.
 */
export async function nearestExample(examples: Data<TranslatorExample>): Promise<NearestExample> {
  const targets: string[] = [];
  const postings = new Map<string, { readonly example: number; readonly count: number }[]>();
  for await (const { source, target } of examplesOf(examples, 1)) {
    for (const [gram, count] of trigrams(source)) {
      const own = postings.get(gram) ?? [];
      own.push({ example: targets.length, count });
      postings.set(gram, own);
    }
    if (targets.push(target) === MOST_EXAMPLES) break;
  }
  if (targets.length === 0)
    throw new UnrolledError("UNROLLED_DATA", "nearestExample: expected at least one example, received none.");
  const rarity = (gram: string) => Math.log((1 + targets.length) / (1 + (postings.get(gram)?.length ?? 0))) + 1;
  const lengths = new Float64Array(targets.length);
  for (const [gram, own] of postings) {
    const weight = rarity(gram);
    for (const { example, count } of own) lengths[example] = (lengths[example] as number) + (weight * count) ** 2;
  }
  return {
    predict(source) {
      const likeness = new Float64Array(targets.length);
      for (const [gram, count] of trigrams(source)) {
        const weight = rarity(gram) ** 2 * count;
        for (const posting of postings.get(gram) ?? []) {
          likeness[posting.example] = (likeness[posting.example] as number) + weight * posting.count;
        }
      }
      let [best, most] = [0, -1];
      for (const [example, sum] of likeness.entries()) {
        const cosine = sum / Math.sqrt(lengths[example] as number);
        if (cosine > most) [best, most] = [example, cosine];
      }
      return targets[best] as string;
    },
  };
}

function trigrams(text: string): Map<string, number> {
  const characters = Array.from(`\u0002${text.toLowerCase().trim()}\u0003`);
  const counts = new Map<string, number>();
  for (let first = 0; first + 3 <= characters.length || first === 0; first++) {
    const gram = characters.slice(first, first + 3).join("");
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}
