import { mkdtemp, readdir, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UnrolledError } from "unrolled";

/** Files that nobody but unrolled calls so; one of them tells a folder that it may write into. */
const CHECKPOINT = /^checkpoint-\d+\.safetensors$/;
const WEIGHTS = "model.safetensors";
/** Stands in the folder that the demo made, and only there, so that the demo never replaces anybody else's model. */
export const DEMO_MARK = "made-by-unrolled-demo.txt";
/** What a save that was broken off leaves; the next one clears it away. */
const UNFINISHED = /^\.unrolled-/;

/** models/<task>-<name of the data>, the name without folder and endings: "a/book.txt.gz" → "models/language-model-book". */
export function defaultModelFolder(task: string, dataPath: string): string {
  const name = basename(resolve(dataPath)).replace(/\.gz$/i, "");
  const withoutEnding = name.replace(/(?<=.)\.[^.]*$/, "");
  return join("models", `${task}-${withoutEnding}`);
}

/** What may happen to a model that a folder holds already. */
export type ExistingModel = "keep" | "overwrite" | "resume";

/**
 * Refuses, before anything is trained, a folder that a model can't be saved in: one that holds something already, unless it is a
 * model that may be overwritten or a training that can be resumed, and one that can't be made or written.
 *
 * @throws UnrolledError `UNROLLED_VALUE`
 */
export async function checkModelFolder(folder: string, existing: ExistingModel): Promise<void> {
  const files = (await list(folder)).filter((name) => !UNFINISHED.test(name));
  const problem = files.length === 0 ? undefined : obstacle(files, existing);
  if (problem !== undefined) throw new UnrolledError("UNROLLED_VALUE", `${folder}: ${problem}.`);
  await checkWritable(folder);
}

/** Why a folder with these files can't be used, if it can't. */
function obstacle(files: readonly string[], existing: ExistingModel): string | undefined {
  const hasCheckpoint = files.some((name) => CHECKPOINT.test(name));
  if (existing === "keep") {
    const resume = hasCheckpoint ? "--resume to go on with the training in it, " : "";
    return `the folder is not empty; give another one by --out, ${resume}or --overwrite to replace the model in it`;
  }
  if (existing === "resume" && !hasCheckpoint) {
    const overwrite = files.includes(WEIGHTS) ? ", or --overwrite to replace the model in it" : "";
    return `the folder holds no checkpoint to resume from; give another one by --out${overwrite}`;
  }
  if (existing === "overwrite" && !hasCheckpoint && !files.includes(WEIGHTS)) {
    return `the folder holds files but no model (no ${WEIGHTS}); --overwrite replaces models only, so give another one by --out`;
  }
  return undefined;
}

/**
 * Prepares a folder for a model that replaces the one in it: its checkpoints go, so that nobody goes on from them, and so does the
 * demo's mark, so that the demo leaves the new model alone. The old model stays until the new one is saved.
 */
export async function releaseModelFolder(folder: string): Promise<void> {
  for (const name of await list(folder)) {
    if (CHECKPOINT.test(name) || name === DEMO_MARK) await rm(join(folder, name));
  }
}

/** Names of what a folder holds; none if there is no such folder. */
async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return [];
    throw notWritable(folder, folder, error);
  }
}

/** Checks the folder, or the nearest one above it that exists. */
async function checkWritable(folder: string): Promise<void> {
  for (let existing = resolve(folder); ; existing = dirname(existing)) {
    try {
      if (!(await stat(existing)).isDirectory()) throw notAFolder(folder, existing);
    } catch (error) {
      if (error instanceof UnrolledError) throw error;
      const missing = codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";
      if (missing && existing !== dirname(existing)) continue;
      throw notWritable(folder, existing, error);
    }
    try {
      // Permissions alone don't tell: the file system may be read-only, or no place for files at all.
      await rmdir(await mkdtemp(join(existing, ".unrolled-")));
      return;
    } catch (error) {
      throw notWritable(folder, existing, error);
    }
  }
}

function notAFolder(folder: string, file: string): UnrolledError {
  const which = resolve(folder) === file ? "is" : `${file} is`;
  return new UnrolledError(
    "UNROLLED_VALUE",
    `${folder}: ${which} a file; expected a folder for the model, so give another one by --out.`,
  );
}

function notWritable(folder: string, existing: string, cause: unknown): UnrolledError {
  return new UnrolledError(
    "UNROLLED_VALUE",
    `${folder}: the model could not be saved there, since ${existing} may not be written (${codeOf(cause)}); give another folder by --out.`,
    { cause },
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
