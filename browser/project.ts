import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** Runs `work` in a project as a user has it: the pages of this folder, and the library installed from what npm would publish. */
export async function withProject<R>(work: (folder: string) => Promise<R>): Promise<R> {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-browser-"));
  try {
    const pages = join(folder, "pages");
    mkdirSync(pages);
    cpSync(fileURLToPath(new URL("pages", import.meta.url)), pages, { recursive: true });
    writeFileSync(join(pages, "package.json"), JSON.stringify({ name: "pages", private: true, type: "module" }));
    const packed = npm(join(repository, "packages/unrolled"), ["pack", "--json", "--pack-destination", folder]);
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    npm(pages, ["install", "--offline", "--no-audit", "--no-fund", join(folder, filename)]);
    return await work(pages);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function npm(cwd: string, args: readonly string[]): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}
