import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Table } from "./table.js";
import { formatMilliseconds, formatRatio } from "./table.js";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** A training step in a worker of a cross-origin isolated page, and in Node, timed in turn. */
export interface BrowserTimes {
  readonly case: string;
  readonly browser: string;
  readonly node: string;
  readonly build: string;
  readonly results: readonly {
    readonly threads: number;
    readonly milliseconds: number;
    readonly gflops: number;
    readonly node: { readonly milliseconds: number };
    /** How many times Node's speed the browser's is. */
    readonly ratio: number;
  }[];
}

/** By `npm run test:browser -- --bench`, beside the Node that ran npm; undefined where there is no Chromium, which is said. */
export function measureBrowser(): BrowserTimes | undefined {
  const host = process.env.UNROLLED_HOST_NODE ?? process.execPath;
  const args = ["run", "--silent", "test:browser", "--", "--bench", "--node", host];
  const { status, stdout } = spawnSync("npm", args, { cwd: repository, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (status === 0) return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as BrowserTimes;
  process.stderr.write("skipped the browser: `npm run test:browser -- --bench` failed\n");
  return undefined;
}

/** The times as a table. */
export function browserTable({ case: name, browser, node, build, results }: BrowserTimes): Table {
  return {
    heading: `Training step of ${name}, build ${build}`,
    titles: ["threads", browser, "GFLOP/s", `Node ${node.replace(/^v/, "")}`, "browser's speed / Node's"],
    rows: results.map(({ threads, milliseconds, gflops, node: inNode, ratio }) => [
      String(threads),
      formatMilliseconds(milliseconds),
      gflops.toFixed(1),
      formatMilliseconds(inNode.milliseconds),
      formatRatio(ratio),
    ]),
  };
}
