import { readWordVectors } from "@unrolled/data";
import type { Command } from "commander";
import { UnrolledError } from "unrolled";
import type { GivenWordVectors } from "unrolled/tasks";
import type { Host } from "../host.js";

/** What the command line says about the vectors that words begin with. */
export interface WordVectorArguments {
  /** A file. */
  wordVectors?: string;
  freezeWordVectors?: true;
}

/** `--word-vectors`, `--freeze-word-vectors`. @param when words are read, in the words of the help, where that is an option's to say */
export function addWordVectorOptions(command: Command, when = ""): Command {
  return command
    .option("--word-vectors <file>", `${when}vectors to begin with, in GloVe's or word2vec's text format (.gz too)`)
    .option("--freeze-word-vectors", "leaves the vectors of all words as they begin");
}

/**
 * @param refusal why no words are read, where none are
 * @throws {UnrolledError} `UNROLLED_VALUE` for options that don't go together.
 */
export function checkWordVectorArguments({ wordVectors, freezeWordVectors }: WordVectorArguments, refusal?: string): void {
  if (wordVectors !== undefined && refusal !== undefined) throw new UnrolledError("UNROLLED_VALUE", refusal);
  if (!freezeWordVectors || wordVectors !== undefined) return;
  throw new UnrolledError("UNROLLED_VALUE", "--freeze-word-vectors needs --word-vectors.");
}

/**
 * A task's options for what the command line says: of the file's vectors those of some words.
 *
 * @param words those of the data that is trained on
 * @throws {UnrolledError} `UNROLLED_DATA` where the file is wrong, or has none of the words.
 */
export async function wordVectorOptions(
  host: Host,
  { wordVectors: path, freezeWordVectors }: WordVectorArguments,
  words: () => Iterable<string> | Promise<Iterable<string>>,
): Promise<GivenWordVectors> {
  if (path === undefined) return {};
  const wanted = [...(await words())];
  const wordVectors = await readWordVectors(path, { words: wanted, onNote: (note) => host.messages.write(`${note}\n`) });
  if (wordVectors.size > 0) return { wordVectors, ...(freezeWordVectors ? { freezeWordVectors } : {}) };
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${path}: has none of the ${wanted.length} words of the training data, such as ${JSON.stringify(wanted[0])}; ` +
      "give vectors of its language.",
  );
}
