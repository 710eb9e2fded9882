import { configure } from "unrolled";
import { givenOptions } from "../given-options.js";
import { checkModelFolder, defaultModelFolder } from "./model-folder.js";
import type { TrainOptions } from "./options.js";

/**
 * Begins a command that trains: sets the threads, and finds the folder for the model, refusing one that it can't be saved in before
 * anything is read.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` as `checkModelFolder`.
 */
export async function placeForModel(
  task: string,
  data: readonly string[],
  { out, overwrite, resume, threads }: Pick<TrainOptions, "out" | "overwrite" | "resume" | "threads">,
): Promise<string> {
  await configure(givenOptions({ threads }));
  const folder = out ?? defaultModelFolder(task, data[0] ?? "");
  await checkModelFolder(folder, overwrite ? "overwrite" : resume ? "resume" : "keep");
  return folder;
}
