import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import packageFile from "../package.json" with { type: "json" };

const folder = fileURLToPath(new URL("..", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "unrolled-readme-"));
afterAll(() => rmSync(root, { recursive: true }));

interface Snippet {
  readonly name: string;
  readonly code: string;
}

/** Every block marked `ts`, each a program of its own, by file and line. */
function snippetsOf(readme: string): Snippet[] {
  const text = readFileSync(new URL(readme, import.meta.url), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(({ 1: code = "", index }) => ({
    name: `${readme.replaceAll("../", "")}, line ${text.slice(0, index).split("\n").length}`,
    code,
  }));
}

/** The entries that `exports` names, from their sources, so that no build is needed. */
const fromSources: Plugin = {
  name: "unrolled from its sources",
  setup({ onResolve }) {
    onResolve({ filter: /^unrolled(\/|$)/ }, ({ path }) => {
      const entry = Object.entries(packageFile.exports).find(([name]) => path === `unrolled${name.slice(1)}`)?.[1];
      return entry ? { path: join(folder, entry.default.replace("dist/", "").replace(/\.js$/, ".ts")) } : undefined;
    });
  },
};

/** Runs a snippet in a process and a folder of its own; gives what it prints. */
async function run({ code }: Snippet): Promise<string> {
  const directory = mkdtempSync(join(root, "snippet-"));
  const outfile = join(directory, "snippet.mjs");
  await build({
    stdin: { contents: code, loader: "ts", resolveDir: directory },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    plugins: [fromSources],
    logLevel: "error",
  });
  return execFileSync(process.execPath, [outfile], { cwd: directory, encoding: "utf8" });
}

/** What snippets say that they print: numbers and lists of them in a comment behind a `console.log`. */
function promisedOutput({ code }: Snippet): string[] {
  return [...code.matchAll(/^console\.log\(.*\); \/\/ ([-\d.,[\] ]+)$/gm)].map(({ 1: output = "" }) => output);
}

const withoutSpaces = (text: string) => text.replaceAll(" ", "");

describe.each(["../../../README.md", "../README.md"])("the snippets of %s", (readme) => {
  const snippets = snippetsOf(readme);

  it("are found", () => {
    expect(snippets).not.toEqual([]);
  });

  it.each(snippets)("run, and print what they say: $name", async (snippet) => {
    const printed = withoutSpaces(await run(snippet)).split("\n");
    for (const output of promisedOutput(snippet)) expect(printed).toContain(withoutSpaces(output));
  });
});
