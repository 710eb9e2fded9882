import { existsSync } from "node:fs";
import { type ColumnChoice, openPairs, type Records, type TranslatorExample, translatorExamples } from "@unrolled/data";
import type { ExampleSource } from "../examples/divided-examples.js";
import type { Host } from "../host.js";

/** A translator's pairs, by the columns that were chosen. `opened` are the records of the first files that are asked for. */
export function translatorSource(host: Host, columns: ColumnChoice, opened: Records): ExampleSource<TranslatorExample> {
  return {
    open: async (paths) => {
      const records = paths.join("\n") === opened.paths.join("\n") ? opened : await openPairRecords(host, paths);
      return translatorExamples(records, columns);
    },
    learned: () => [],
    // what one text becomes is learned, not measured, wherever it stands again
    groupOf: ({ source }) => source,
  };
}

/** Opens files of pairs. Where one name is asked for, two parallel texts are `val.de,val.en`. */
export async function openPairRecords(host: Host, paths: readonly string[]): Promise<Records> {
  const all = paths.flatMap((path) => (existsSync(path) ? [path] : path.split(",")));
  const records = await openPairs(all);
  for (const note of records.notes) host.messages.write(`${note}\n`);
  return records;
}
