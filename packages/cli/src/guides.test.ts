import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runUnrolled } from "./testing/run-unrolled.js";
import { dates, months, reviews, sentences } from "./testing/small-data.js";
import { writeStrips } from "./testing/strips.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
/** Inside of the repository, where `import … from "unrolled"` leads to its packages. */
let place = "";

beforeAll(async () => {
  await mkdir(join(root, "node_modules", ".cache"), { recursive: true });
  place = await mkdtemp(join(root, "node_modules", ".cache", "guides-"));
  await writeFile(join(place, "reviews.csv"), reviews(100));
  await writeFile(join(place, "names.conll"), sentences(60));
  const [, ...rows] = months(120).trim().split("\n");
  const passengers = rows.map((row) => row.split(",").slice(0, 2).join(","));
  await writeFile(join(place, "dates.csv"), dates(120));
  await writeStrips(join(place, "pictures"), 60);
  await writeFile(join(place, "passengers.csv"), `month,passengers\n${passengers.join("\n")}\n`);
});
afterAll(async () => {
  await rm(place, { recursive: true });
});

/** What stands between ``` and ``` in a guide, of one language. */
async function blocks(guide: string, language: string): Promise<string[]> {
  const text = await readFile(join(root, "docs", `${guide}.md`), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, code = ""]) => code);
}

describe.each(["classifier", "tagger", "forecaster", "translator", "captioner"])("the guide of the %s", (guide) => {
  it("has commands that do what they are for", async () => {
    const commands = (await blocks(guide, "sh")).flatMap((block) => block.trim().split("\n"));
    expect(commands).toHaveLength(2);
    for (const command of commands) {
      const [, ...args] = [...command.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
      const quick = args[0] === "train" ? ["--epochs", "1"] : [];
      expect(await runUnrolled(place, ...args, ...quick)).toMatchObject({ code: 0 });
    }
  });

  it("has a program that runs", async () => {
    const programs = await blocks(guide, "ts");
    expect(programs).toHaveLength(1);
    const file = join(place, `${guide}.mjs`);
    await writeFile(file, programs.join(""));
    const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: place });
    expect(stdout).not.toBe("");
  });
});
