/**
 * Trains a classifier on a table for `run.ts`, and tells on standard output what it took: arguments are the table's path and how many steps. Plain JavaScript, so that
 * nothing is in its process that isn't in a user's.
 */
import { chooseColumns, classifierExamples, openData } from "@unrolled/data";
import { configure } from "unrolled";
import { Classifier } from "unrolled/tasks";

const [path = "", steps = "1"] = process.argv.slice(2);
const VALIDATION_EXAMPLES = 1000;

// a network so small gains nothing from another, which takes 20 MB
await configure({ threads: 1 });
const began = performance.now();
const records = await openData(path);
const columns = await chooseColumns(records, "classifier", { input: ["price", "weight"], target: "label" });
const examples = classifierExamples(records, columns);
const validation = [];
for await (const example of examples()) if (validation.push(example) === VALIDATION_EXAMPLES) break;
let loss = Number.NaN;
await Classifier.train(examples, {
  units: 32,
  batchSize: 256,
  seed: 1,
  steps: Number(steps),
  validation,
  onProgress: (progress) => {
    loss = progress.loss;
  },
});
const mostResidentMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
process.stdout.write(JSON.stringify({ seconds: (performance.now() - began) / 1000, loss, mostResidentMegabytes }));
