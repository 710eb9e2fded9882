import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { open, relaxedFlag } from "./checks.js";
import { versionOf, withBrowser } from "./chromium.js";
import { isolation, serve } from "./server.js";

const CASE = "LSTM B64 T128 I128 H256";
/** Three times the products of the forward pass: x·W_ih, h·W_hh and the dense layer, a multiplication and an addition each. */
const OPERATIONS = 3 * 2 * 64 * 128 * (4 * 256 * (128 + 256) + 256 * 65);
const WARM_UP_MILLISECONDS = 3000;
const TURN_MILLISECONDS = 1000;
const ROUNDS = 10;
const FIRST_STEP = { threads: 1, milliseconds: 0 };

/** Takes steps for a while, on so many threads. */
type Turn = (request: { threads: number; milliseconds: number }) => Promise<{
  readonly times: readonly number[];
  readonly losses: readonly number[];
  readonly threads: number;
}>;

/**
 * Times training steps in a worker of an isolated page and in Node, in turn, and prints one line of JSON.
 *
 * @param node the program to compare with
 */
export async function bench(folder: string, chromium: string, node: string, build: string): Promise<number> {
  const outdir = join(folder, "bench");
  const entryPoints = ["./bench-page.js", "./bench-worker.js"];
  await esbuild({ absWorkingDir: folder, entryPoints, outdir, bundle: true, format: "esm", target: "es2022", logLevel: "error" });
  const server = await serve(folder, isolation);
  const nodeVersion = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const child = fork(join(folder, "bench-in-node.js"), [build], { execPath: node, execArgv: relaxedFlag(nodeVersion.slice(1)) });
  try {
    await once(child, "message");
    const inNode: Turn = async (request) => {
      const answer = once(child, "message");
      child.send(request);
      return (await answer)[0];
    };
    await withBrowser(chromium, async (browser) => {
      const { page } = await open(browser, `${server.url}bench.html`);
      await page.evaluate(`ask(${JSON.stringify(build)})`);
      const inBrowser = ((request) => page.evaluate(`ask(${JSON.stringify(request)})`)) as Turn;
      const cores = (await page.evaluate("navigator.hardwareConcurrency")) as number;
      const isolated = await page.evaluate("crossOriginIsolated");
      const [first, firstInNode] = [await inBrowser(FIRST_STEP), await inNode(FIRST_STEP)];
      if (first.losses[0] !== firstInNode.losses[0]) {
        throw new Error(`bench: the first loss is ${first.losses[0]} in the browser, ${firstInNode.losses[0]} in Node.`);
      }
      const results = [];
      for (const threads of cores > 1 ? [1, cores] : [1]) results.push(await compare(threads, inBrowser, inNode));
      const about = { case: CASE, browser: versionOf(chromium), node: nodeVersion, build, isolated };
      console.log(JSON.stringify({ ...about, results }));
    });
    return 0;
  } finally {
    child.kill();
    await server.close();
  }
}

/** `ratio`: how many times Node's speed is the browser's. */
async function compare(threads: number, inBrowser: Turn, inNode: Turn) {
  const contestants = [inBrowser, inNode];
  const times: [number[], number[]] = [[], []];
  for (const turn of contestants) {
    const { threads: taken } = await turn({ threads, milliseconds: WARM_UP_MILLISECONDS });
    if (taken !== threads) throw new Error(`bench: expected ${threads} threads, ${taken} took part.`);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, turn] of contestants.entries()) {
      times[index as 0 | 1].push(...(await turn({ threads, milliseconds: TURN_MILLISECONDS })).times);
    }
  }
  const [browser, node] = times.map(median) as [number, number];
  const gflops = (milliseconds: number) => Math.round(OPERATIONS / milliseconds / 1e5) / 10;
  return {
    threads,
    milliseconds: browser,
    gflops: gflops(browser),
    steps: times[0].length,
    node: { milliseconds: node, gflops: gflops(node), steps: times[1].length },
    ratio: node / browser,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
