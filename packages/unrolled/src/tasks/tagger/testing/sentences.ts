import { RandomStream, type Seed } from "../../../tensor/random.js";
import type { TaggerExample } from "../examples.js";

const NOUNS = ["cat", "dog", "bird", "fish", "horse"];
const VERBS = ["sees", "likes", "finds", "hears"];
/** Nouns and verbs alike: what stands before tells which. */
const BOTH = ["walks", "plays", "runs"];

/**
 * Sentences such as "the cat likes Zora .": after an article stands a noun, after that a verb, whatever words are both; names are made up anew
 * and known by their capital.
 */
export function sentences(count: number, seed: Seed): TaggerExample[] {
  const random = new RandomStream(seed, "sampling");
  const one = (words: readonly string[]) => words[random.integer(words.length)] as string;
  const name = () => `${one(["Zo", "Mi", "Ta", "Ku", "Be"])}${one(["ra", "lo", "na", "ti"])}${one(["", "x", "l", "ss"])}`;
  return Array.from({ length: count }, () => {
    const pairs: [string, string][] = [];
    const add = (token: string, tag: string) => pairs.push([token, tag]);
    const subject = () => {
      if (random.uniform() < 0.5) return void add(name(), "NAME");
      add("the", "DET");
      add(one(random.uniform() < 0.4 ? BOTH : NOUNS), "NOUN");
    };
    subject();
    add(one(random.uniform() < 0.4 ? BOTH : VERBS), "VERB");
    if (random.uniform() < 0.7) subject();
    add(".", "MARK");
    return { tokens: pairs.map(([token]) => token), tags: pairs.map(([, tag]) => tag) };
  });
}

/** The same with names as entities in IOB2, of one or two words. */
export function namedSentences(count: number, seed: Seed): TaggerExample[] {
  const random = new RandomStream(seed, "shuffling");
  return sentences(count, seed).map(({ tokens, tags }) => {
    const pairs = tokens.flatMap((token, place): [string, string][] => {
      if (tags[place] !== "NAME") return [[token, "O"]];
      const type = token.startsWith("Z") || token.startsWith("M") ? "PER" : "LOC";
      const first: [string, string] = [token, `B-${type}`];
      return random.uniform() < 0.5 ? [first] : [first, [`${token}son`, `I-${type}`]];
    });
    return { tokens: pairs.map(([token]) => token), tags: pairs.map(([, tag]) => tag) };
  });
}
