import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import type { BrowserContext, Page } from "playwright-core";
import type { Setup } from "./setups.js";

/** What the trials give in Node. */
export interface Expected {
  readonly losses: Losses;
  readonly model: Model;
}

interface Losses {
  readonly losses: readonly number[];
  readonly build: string;
  readonly threads: number;
}

interface Model {
  readonly weights: string;
  readonly steps: readonly (readonly [step: number, loss: number])[];
  readonly sample: string;
  readonly ticks: number;
}

/** One thing that is tried; it throws where it is not as it should be. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** A page that is open, and what it said. */
export interface OpenPage {
  readonly page: Page;
  readonly warnings: string[];
  readonly faults: string[];
}

export async function open(browser: BrowserContext, url: string): Promise<OpenPage> {
  const page = await browser.newPage();
  const opened: OpenPage = { page, warnings: [], faults: [] };
  page.on("console", (message) => {
    if (message.type() === "warning") opened.warnings.push(message.text());
    if (message.type() === "error" && !message.location().url.endsWith("/favicon.ico")) opened.faults.push(message.text());
  });
  page.on("pageerror", (error) => opened.faults.push(error.message));
  await page.goto(url);
  try {
    await page.waitForFunction("globalThis.trials", undefined, { timeout: 30_000 });
  } catch (cause) {
    throw new Error(`the page's program didn't run: ${opened.faults.join("; ") || "it said nothing"}`, { cause });
  }
  return opened;
}

/** What the trials give in Node on the same build. */
export function inNode(folder: string, build: string): Expected {
  const output = execFileSync(process.execPath, [...relaxedFlag(), "in-node.js", build], { cwd: folder, encoding: "utf8" });
  return JSON.parse(output) as Expected;
}

/** Node 20 has relaxed SIMD behind a flag, later ones don't know the flag. */
export function relaxedFlag(version = process.versions.node): string[] {
  return Number.parseInt(version, 10) < 21 ? ["--experimental-wasm-relaxed-simd"] : [];
}

/** Everything that is tried on a page. */
export function checksOf({ isolated, ownWorker }: Setup, { page, warnings, faults }: OpenPage, expected: Expected): Check[] {
  const evaluate = <R>(expression: string) => page.evaluate(expression) as Promise<R>;
  const checks: Check[] = [
    {
      name: isolated ? "is cross-origin isolated" : "is not cross-origin isolated",
      run: async () => assert.equal(await evaluate("crossOriginIsolated"), isolated),
    },
    {
      name: "trains a small LSTM to the losses of Node, bit for bit",
      async run() {
        const { losses, build, threads } = await evaluate<Losses>("trials.losses()");
        assert.deepEqual({ losses, build }, { losses: expected.losses.losses, build: expected.losses.build });
        assert.equal(threads, 1);
      },
    },
    {
      name: "trains a language model to the bits of Node",
      async run() {
        const { ticks: _, ...model } = await evaluate<Model>("trials.languageModel({ worker: false })");
        const { ticks: _t, ...inNode } = expected.model;
        assert.deepEqual(model, inNode);
      },
    },
    {
      name: "trains it in a worker to the same bits, tells of every step, and lets the page's timers go on",
      async run() {
        const { ticks, ...model } = await evaluate<Model>("trials.languageModel({ worker: true })");
        const { ticks: _, ...inNode } = expected.model;
        assert.deepEqual(model, inNode);
        assert.ok(ticks >= 20, `expected at least 20 ticks of the page's timer while the worker trained, received ${ticks}`);
      },
    },
    {
      name: `computes on ${isolated ? "all threads" : "one thread"} in a worker, and ends at a signal`,
      async run() {
        await evaluate("trials.beginEndless()");
        const cores = await evaluate<number>("navigator.hardwareConcurrency");
        // the training worker is one of the threads
        await until(() => page.workers().length === (isolated ? cores : 1));
        const { interrupted, steps } = await evaluate<{ interrupted: boolean; steps: number }>("trials.endEndless()");
        assert.ok(interrupted && steps >= 3 && steps < 10_000, `interrupted: ${interrupted}, after ${steps} steps`);
        await until(() => page.workers().length === 0);
      },
    },
    {
      name: "resumes from checkpoints that the page keeps",
      run: async () => assert.deepEqual(await evaluate("trials.resumed()"), { weights: expected.model.weights }),
    },
    {
      name: "gets the worker's errors with their codes",
      async run() {
        const [option, data, own] = await evaluate<[string, string, string]>("trials.errors()");
        assert.match(option, /^UNROLLED_VALUE: .*`units`/);
        assert.match(data, /^UNROLLED_DATA: .*validate/);
        assert.equal(own, "RangeError: oops");
      },
    },
    {
      name: isolated ? "warns of nothing" : "says once that training runs on one thread, and why",
      // biome-ignore lint/suspicious/useAwait: all checks are asynchronous
      async run() {
        assert.deepEqual(faults, []);
        if (isolated) return assert.deepEqual(warnings, []);
        assert.equal(warnings.length, 1, warnings.join("\n"));
        assert.match(warnings[0] ?? "", /not cross-origin isolated.*Cross-Origin-Opener-Policy/);
      },
    },
    {
      name: isolated ? "leaves threads that are asked for to workers" : "refuses threads that are asked for",
      run: async () => assert.equal(await evaluate("trials.twoThreads()"), isolated ? 1 : "UNROLLED_ENGINE"),
    },
    {
      name: "says what to do where the worker's file is not found",
      run: async () => assert.match(await evaluate<string>("trials.lostWorker()"), /^UNROLLED_ENGINE: .*configure\(\{ workerUrl/),
    },
  ];
  if (!ownWorker) return checks;
  const own: Check = {
    name: "trains a network in a worker of the page's own, on all threads, to the same bits",
    async run() {
      const { losses, threads } = await evaluate<Losses>("inOwnWorker()");
      assert.deepEqual(losses, expected.losses.losses);
      assert.equal(threads, await evaluate("navigator.hardwareConcurrency"));
    },
  };
  return [own, ...checks];
}

async function until(condition: () => boolean): Promise<void> {
  const began = performance.now();
  while (!condition()) {
    if (performance.now() - began > 20_000) throw new Error(`waited 20 s in vain: ${condition}`);
    await setTimeout(50);
  }
}
