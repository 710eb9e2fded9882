import { UnrolledError } from "../errors.js";
import { checkKnown } from "../options.js";
import type { Engine, EngineName } from "./engine.js";
import { referenceEngine } from "./reference-engine.js";
import { availableThreads, canSpawn } from "./threads/spawn.js";
import { compileBuild, refusal, supportsBuild, wasmEngine, wideFault } from "./wasm-engine.js";

/** A build, or `best`: the fastest that works here, `wide` too, for which the process' flags are changed. */
export type BuildChoice = EngineName | "best";

const CHOICES: readonly BuildChoice[] = ["reference", "baseline", "relaxed", "wide", "best"];
const MOST_THREADS = 256;

let current: Engine | undefined;
let requested: BuildChoice | undefined;
let requestedThreads: number | undefined;
let workerUrl: string | URL | undefined;

/** What `configure` chooses. */
export interface ConfigureOptions {
  /**
   * The build to compute with. `wide` and `best` switch on V8's `--experimental-wasm-revectorize` for the whole process, which doubles the speed of
   * products in Node 24 on x64; the results are those of `relaxed`, bit for bit. Default: as chosen before; at first `UNROLLED_SIMD` of
   * the environment, else the best that the host can run as it is, without `wide`.
   */
  simd?: BuildChoice;
  /**
   * Threads that compute at most, the caller's among them; results don't depend on it. Default: as chosen before; at first `UNROLLED_THREADS` of
   * the environment, else as many as the machine runs at once. A page's main thread computes alone, whatever is chosen, and leaves them to its
   * workers; on a page that isn't cross-origin isolated there is 1.
   */
  threads?: number;
  /**
   * The file that `worker: true` of a task runs, `unrolled/worker` built as a file of its own: for bundlers that don't find it themselves.
   * Default: as chosen before; at first `training-worker.js` beside the library.
   */
  workerUrl?: string | URL;
}

/**
 * Chooses the engine for networks made from now on, and compiles it without blocking. Calling it is optional: the first network
 * does the same by itself. Networks that exist keep the engine that they were made on.
 *
 * @throws {UnrolledError} `UNROLLED_ENGINE` where the host can't run the build; `UNROLLED_VALUE` where there is no such build or option.
 */
export async function configure(options: ConfigureOptions = {}): Promise<void> {
  checkKnown("configure", options, ["simd", "threads", "workerUrl"]);
  const wanted = options.simd === undefined ? requested : checkedChoice(options.simd, "configure: `simd`");
  const threads = options.threads === undefined ? requestedThreads : checkedThreads(options.threads, "configure: `threads`");
  const name = chosenName(wanted);
  if (name !== "reference" && supportsBuild(name)) await compileBuild(name);
  if (current?.name !== name) current = createEngine(name);
  requested = wanted;
  requestedThreads = threads;
  current.threads.limit = threadsHere();
  workerUrl = options.workerUrl ?? workerUrl;
}

/** What a training worker is started with: its file, and what its own engine is to be configured with. */
export function workerSettings(): { url: string | URL | undefined; engine: ConfigureOptions } {
  const engine = { ...(requested && { simd: requested }), ...(requestedThreads && { threads: requestedThreads }) };
  return { url: workerUrl, engine };
}

/** What computes: the build, its precision, the threads that take part at most, and the memory that it holds. */
export function engineInfo(): { name: EngineName; precision: "float32" | "float64"; threads: number; memoryBytes: number } {
  const { name, precision, threads, memory } = currentEngine();
  return { name, precision, threads: threads.limit, memoryBytes: memory.elements.byteLength };
}

/** The engine that new networks are made on. */
export function currentEngine(): Engine {
  current ??= createEngine(chosenName(requested));
  return current;
}

/** Runs `work` with another engine for what it makes. Synchronous. */
export function withEngine<R>(engine: Engine, work: () => R): R {
  const before = current;
  current = engine;
  try {
    return work();
  } finally {
    current = before;
  }
}

function createEngine(name: EngineName): Engine {
  return name === "reference" ? referenceEngine() : wasmEngine(name, { threads: threadsHere() });
}

/** Those that were asked for; a page's main thread, which may not wait for others, leaves them to its workers. */
function threadsHere(): number {
  return canSpawn() ? (requestedThreads ?? defaultThreads()) : 1;
}

function defaultThreads(): number {
  const wanted = environment("UNROLLED_THREADS");
  return wanted ? checkedThreads(Number(wanted), "UNROLLED_THREADS") : availableThreads();
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for what is no number of threads, `UNROLLED_ENGINE` where the host can't have so many. */
function checkedThreads(threads: number, where: string): number {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw new UnrolledError("UNROLLED_VALUE", `${where} must be a whole number from 1 to ${MOST_THREADS}, received ${threads}.`);
  }
  if (threads === 1 || canSpawn() || globalThis.crossOriginIsolated === true) return threads;
  throw new UnrolledError(
    "UNROLLED_ENGINE",
    `${where}: received ${threads}, but workers can't share memory here; on a page, train inside a worker and serve the page ` +
      "cross-origin isolated (headers COOP: same-origin and COEP: require-corp), or leave it out.",
  );
}

/** @throws {UnrolledError} `UNROLLED_ENGINE` where `wide` was asked for and is of no use here. */
function chosenName(wanted: BuildChoice | undefined): EngineName {
  const fromEnvironment = environment("UNROLLED_SIMD");
  const choice = wanted ?? (fromEnvironment ? checkedChoice(fromEnvironment, "UNROLLED_SIMD") : undefined);
  if (choice === "best" || choice === "wide") {
    const fault = wideFault();
    if (fault === undefined) return "wide";
    if (choice === "wide") throw refusal("wide", fault);
  } else if (choice !== undefined) {
    return choice;
  }
  if (supportsBuild("relaxed")) return "relaxed";
  return supportsBuild("baseline") ? "baseline" : "reference";
}

function environment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[name];
}

function checkedChoice(name: string, where: string): BuildChoice {
  const known = CHOICES.find((candidate) => candidate === name);
  if (known) return known;
  throw new UnrolledError("UNROLLED_VALUE", `${where} must be one of ${CHOICES.join(", ")}, received ${JSON.stringify(name)}.`);
}
