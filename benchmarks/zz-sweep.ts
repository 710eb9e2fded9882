import { readFileSync } from "node:fs";
import { configure } from "unrolled";
import { Classifier, type ClassifierExample, type ClassifierOptions, naiveBayesBaseline } from "unrolled/tasks";
await configure({ threads: 1 });
const labels = new Map<string, string>();
for (const n of ["imdb", "yelp", "amazon"]) for (const { text, class: l } of JSON.parse(readFileSync(`benchmarks/node_modules/sentiment/test/fixtures/${n}.json`, "utf8"))) if (l !== null) labels.set(text, l ? "p" : "n");
const all: ClassifierExample[] = Array.from(labels, ([input, label]) => ({ input, label }));
const train = all.filter((_, i) => i % 5 !== 4);
const base: ClassifierOptions = { units: 64, embeddingUnits: 64, inputDropout: 0.5, outputDropout: 0.5, patience: 6, epochs: 40, batchSize: 32 };
const configs: Record<string, ClassifierOptions> = {
  base: {},
  embdrop: { embeddingDropout: 0.3 },
  acc: { watch: "accuracy" },
  mean: { pooling: "mean" },
  attention: { pooling: "attention" },
  small: { units: 16, embeddingUnits: 32 },
  wide: { units: 128, embeddingUnits: 128 },
  lowlr: { learningRate: 5e-4 },
  min2: { minimumCount: 2, embeddingDropout: 0.2 },
  gru: { cell: "gru", pooling: "mean" },
};
const only = process.argv.slice(2);
for (const [name, c] of Object.entries(configs)) {
  if (only.length && !only.includes(name)) continue;
  const scores: number[] = [], losses: number[] = []; let nb = 0;
  for (let fold = 0; fold < 3; fold++) {
    const tr = train.filter((_, i) => i % 5 !== fold), va = train.filter((_, i) => i % 5 === fold);
    const m = await Classifier.train(tr, { ...base, ...c, validation: va, seed: 1 });
    const e = await m.evaluate(va); scores.push(e.accuracy); losses.push(e.loss);
    nb += naiveBayesBaseline(tr, va, { order: 2 }).accuracy / 3;
  }
  const mean = (x: number[]) => (x.reduce((a, b) => a + b) / x.length).toFixed(4);
  console.log(name, mean(scores), mean(losses), "nb", nb.toFixed(4));
}
