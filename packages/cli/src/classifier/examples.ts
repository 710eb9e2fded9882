import { type ClassifierExample, type ColumnChoice, classifierExamples, type Records } from "@unrolled/data";
import type { Data } from "unrolled";
import { wordTokenizer } from "unrolled/tasks";
import type { ExampleSource } from "../examples/divided-examples.js";
import { readerOf } from "../examples/in-memory.js";
import { openRecords } from "../examples/open-records.js";
import type { Host } from "../host.js";

/** A classifier's examples, by the columns that were chosen. `opened` are the records of the first files that are asked for. */
export function classifierSource(host: Host, columns: ColumnChoice, opened: Records): ExampleSource<ClassifierExample> {
  return {
    open: async (paths, known) => {
      const records = paths.join("\n") === opened.paths.join("\n") ? opened : await openRecords(host, paths);
      return classifierExamples(records, columns, known ? { labels: known } : {});
    },
    ...(columns.group === undefined ? {} : { groupOf: ({ group = "" }) => group }),
    learned: ({ label }) => (typeof label === "string" ? [label] : label),
  };
}

/** The words of the examples' texts, each once. */
export async function wordsOfTexts(examples: Data<ClassifierExample>): Promise<ReadonlySet<string>> {
  const words = new Set<string>();
  for await (const { input } of readerOf(examples)()) {
    for (const word of typeof input === "string" ? wordTokenizer.split(input) : []) words.add(word);
  }
  return words;
}
