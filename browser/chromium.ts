import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";

const PROGRAMS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** The program of a Chromium; Debian's is installed where there is none. Undefined where that is not possible. */
export function chromiumProgram(): string | undefined {
  const given = process.env.CHROMIUM;
  if (given) return existsSync(given) ? given : undefined;
  const found = PROGRAMS.find(existsSync);
  if (found !== undefined || process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).status !== 0) return found;
  process.stderr.write("unrolled: installing Debian's chromium, once …\n");
  spawnSync("apt-get", ["update"], { stdio: ["ignore", 2, 2] });
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["install", "--yes", "--no-install-recommends", "chromium"], { stdio: ["ignore", 2, 2], env });
  return PROGRAMS.find(existsSync);
}

export function versionOf(program: string): string {
  return execFileSync(program, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
    .trim()
    .split(" ")
    .slice(0, 2)
    .join(" ");
}

/** Runs `work` with a browser of its own, whose profile is gone afterwards. */
export async function withBrowser<R>(program: string, work: (browser: BrowserContext) => Promise<R>): Promise<R> {
  const profile = mkdtempSync(join(tmpdir(), "unrolled-chromium-"));
  const options = { executablePath: program, headless: true, args: FLAGS };
  const browser = await chromium.launchPersistentContext(profile, options);
  try {
    return await work(browser);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
