import { type ColumnChoice, type Records, type TaggerExample, taggerExamples } from "@unrolled/data";
import type { Data } from "unrolled";
import type { ExampleSource } from "../examples/divided-examples.js";
import { readerOf } from "../examples/in-memory.js";
import { openRecords } from "../examples/open-records.js";
import type { Host } from "../host.js";

/** A tagger's sentences, by the columns that were chosen. `opened` are the records of the first files that are asked for. */
export function taggerSource(host: Host, columns: ColumnChoice, opened: Records): ExampleSource<TaggerExample> {
  return {
    open: async (paths, known) => {
      const records = paths.join("\n") === opened.paths.join("\n") ? opened : await openRecords(host, paths);
      return taggerExamples(records, columns, known ? { tags: known } : {});
    },
    ...(columns.group === undefined ? {} : { groupOf: ({ group = "" }) => group }),
    learned: ({ tags }) => tags,
  };
}

/** The words of the sentences, each once. */
export async function wordsOfSentences(examples: Data<TaggerExample>): Promise<ReadonlySet<string>> {
  const words = new Set<string>();
  for await (const { tokens } of readerOf(examples)()) for (const token of tokens) words.add(token);
  return words;
}
