import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Row, Value } from "../records/records.js";

/** A folder for the tests of one file, which is gone afterwards. */
export class Files {
  #folder = "";
  #count = 0;

  constructor(name: string) {
    beforeAll(async () => {
      this.#folder = await mkdtemp(join(tmpdir(), `unrolled-${name}-`));
    });
    afterAll(() => rm(this.#folder, { recursive: true }));
  }

  /** A folder of its own for each call. */
  async folder(): Promise<string> {
    this.#count += 1;
    const folder = join(this.#folder, String(this.#count));
    await mkdir(folder);
    return folder;
  }

  /** Writes a file into a folder of its own, or into the given one. */
  async write(name: string, contents: string | Uint8Array, folder?: string): Promise<string> {
    const path = join(folder ?? (await this.folder()), name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
    return path;
  }
}

/** All of an iteration. */
export async function all<E>(items: AsyncIterable<E>): Promise<E[]> {
  const list: E[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The values of all rows. */
export async function valuesOf(records: { rows(): AsyncIterable<Row> }): Promise<(readonly Value[])[]> {
  return (await all(records.rows())).map(({ values }) => values);
}
