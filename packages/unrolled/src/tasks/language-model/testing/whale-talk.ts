import { RandomStream, type Seed } from "../../../tensor/random.js";

const WORDS = ["whale", "white", "water", "harpoon", "horizon", "ship"];

/** Random words of few, of which some begin alike: easy for who remembers the word so far, hard for who sees one letter alone. */
export function whaleTalk(words: number, seed: Seed): string {
  const random = new RandomStream(seed, "sampling");
  return Array.from(
    { length: words },
    () => `${WORDS[random.integer(WORDS.length)]}${random.integer(8) === 0 ? "\n" : " "}`,
  ).join("");
}
