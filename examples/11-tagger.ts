/** Tagging words: names, by the words around them and the characters in them, in sentences that are made up. */
import { Tagger, type TaggerExample } from "unrolled/tasks";

// names are made of syllables, so that many are new; what one is stands in the words before it
let state = 7;
function one(words: string): string {
  state = (state * 48271) % 2147483647;
  const all = words.split(" ");
  return all[state % all.length] ?? "";
}
const name = () => one("Ba Ke Li Mo Nu Ra Si To") + one("la mi no ro ta vi") + one("na ra s x");

function sentence(): TaggerExample {
  const [tokens, tags]: [string[], string[]] = [[], []];
  const add = (token: string, tag = "O") => {
    tokens.push(token);
    tags.push(tag);
  };
  add(one("yesterday today then"));
  add(name(), "B-PERSON");
  if (one("yes no") === "yes") add(name(), "I-PERSON");
  add(one("went moved drove"));
  add(one("to from towards"));
  add(name(), "B-PLACE");
  add(one("again alone happily"));
  return { tokens, tags };
}
const training = Array.from({ length: 300 }, sentence);
const test = Array.from({ length: 200 }, sentence);
const options = { units: 16, wordUnits: 8, characterUnits: 8, learningRate: 0.01, epochs: 6, seed: 7 };
const tagger = await Tagger.train(training, options);

const { f1, baseline, scores, unknown, tokens } = await tagger.evaluate(test);
console.log(`${unknown} of ${tokens} words are new or rare`);
console.log(`F1 of names ${f1.toFixed(3)}, by each word's most frequent tag ${baseline.f1.toFixed(3)}`);
console.log(`recall of persons ${scores.PERSON?.recall.toFixed(3)}, of places ${scores.PLACE?.recall.toFixed(3)}`);

const words = "then Mona Lira moved to Kenos alone".split(" ");
const { tags, probabilities } = await tagger.predict(words);
for (const [place, word] of words.entries()) console.log(`${word} ${tags[place]} (${probabilities[place]?.toFixed(2)})`);
