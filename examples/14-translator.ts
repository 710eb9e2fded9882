/** A translator: numbers into German words, which say the ones before the tens, and which digit was read for each word. */
import { nearestExample, Translator, type TranslatorExample } from "unrolled/tasks";

const ones = "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(" ");
const tens = "zehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(" ");

/** 256 → "zwei hundert sechs und fünfzig" */
function words(number: number): string {
  const [hundreds, rest] = [Math.floor(number / 100), number % 100];
  const [ten, one] = [Math.floor(rest / 10), rest % 10];
  const first = hundreds > 0 ? `${ones[hundreds]} hundert` : "";
  if (rest === 0 && hundreds > 0) return first;
  const small = rest < 13 ? ones[rest] : rest < 20 ? `${ones[one]} zehn` : undefined;
  const last = small ?? (one === 0 ? tens[ten - 1] : `${ones[one]} und ${tens[ten - 1]}`);
  return `${first} ${last}`.trim();
}

// all numbers below a thousand, mixed; a fifth of them is never shown
const all = Array.from({ length: 1000 }, (_, index): TranslatorExample => {
  const number = (index * 619 + 300) % 1000;
  return { source: String(number), target: words(number) };
});
const [training, test] = [all.slice(0, 800), all.slice(800)];
const sizes = { units: 48, embeddingUnits: 24, dropout: 0, batchSize: 32, learningRate: 0.01 };
const translator = await Translator.train(training, { ...sizes, sourceTokens: "char", epochs: 14, seed: 7 });

const nearest = await nearestExample(training);
const right = test.filter(({ source, target }) => nearest.predict(source) === target).length;
console.log(`right by the nearest example: ${((100 * right) / test.length).toFixed(0)} %`);
const { exactMatch, wordError } = await translator.evaluate(test);
console.log(`right by the translator: ${(100 * exactMatch).toFixed(0)} %, word error ${wordError.toFixed(3)}`);

const { text, tokens, sourceTokens, attention, alternatives } = await translator.predict("258", { nBest: 2 });
console.log(`258 → ${text}, or else ${alternatives[0]?.text}`);
console.log(`${"".padEnd(8)}${sourceTokens.map((token) => (token || "end").padStart(5)).join("")}`);
for (const [place, row] of attention.entries()) {
  console.log(`${tokens[place]?.padEnd(8)}${row.map((share) => share.toFixed(2).padStart(5)).join("")}`);
}
