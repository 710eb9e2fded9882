import { RandomStream, type Seed } from "../../../tensor/random.js";
import type { ClassifierExample } from "../examples.js";

const PRAISE = ["great", "lovely", "fine"];
const BLAME = ["awful", "dull", "poor"];
const REST = ["film", "story", "the", "a", "actor", "plot", "end"];

/** Sentences in which one word judges, and "not" before it turns its meaning: no word alone tells the class. */
export function filmTalk(count: number, seed: Seed): ClassifierExample[] {
  const random = new RandomStream(seed, "sampling");
  const of = (words: readonly string[]) => words[random.integer(words.length)] as string;
  return Array.from({ length: count }, () => {
    const [isTurned, isPraise] = [random.integer(2) === 1, random.integer(2) === 1];
    const words = Array.from({ length: 2 + random.integer(5) }, () => of(REST));
    const judgement = of(isPraise ? PRAISE : BLAME);
    words.splice(random.integer(words.length), 0, ...(isTurned ? ["not", judgement] : [judgement]));
    return { input: words.join(" "), label: isPraise === isTurned ? "blame" : "praise" };
  });
}
