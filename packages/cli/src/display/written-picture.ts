import { writeFile } from "node:fs/promises";
import { UnrolledError } from "unrolled";

/**
 * Writes what `--svg` asks for.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where it can't be written.
 */
export async function writePicture(file: string, svg: string): Promise<void> {
  try {
    await writeFile(file, svg);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnrolledError("UNROLLED_VALUE", `--svg: ${file} could not be written (${reason}).`, { cause });
  }
}
