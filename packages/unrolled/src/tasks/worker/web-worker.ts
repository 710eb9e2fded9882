import type { TrainingWorker } from "./host.js";
import type { FromWorker } from "./protocol.js";

/** Where the script is that this is a part of: a module, or what a script tag loads. */
const here: string | undefined =
  import.meta.url ?? (globalThis as { document?: { currentScript?: { src?: string } } }).document?.currentScript?.src;

const FILE = "./training-worker.js";
/** Vite up to 7 moves a dependency's code to node_modules/.vite/deps in development, and leaves behind what is no module of it. */
const LEFT_BEHIND = "../../unrolled/dist/src/tasks/worker/training-worker.js";

/**
 * Starts a page's worker, from the first place where its file is found.
 *
 * @param fail called with the reason where it is found nowhere, or dies
 */
export function startWebWorker(
  url: string | URL | undefined,
  receive: (message: FromWorker) => void,
  fail: (reason: string) => void,
): TrainingWorker {
  const places = url === undefined ? knownPlaces() : [() => workerOf(new URL(url, location.href))];
  let worker: Worker | undefined;
  const startNext = () => {
    const place = places.shift();
    if (!place) return fail("its file could not be loaded");
    let found = false;
    try {
      worker = place();
    } catch {
      return startNext(); // another origin's
    }
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      found = true;
      receive(data);
    };
    worker.onerror = ({ message }) => (found ? fail(message) : startNext());
  };
  startNext();
  return { post: (message) => worker?.postMessage(message), end: () => worker?.terminate() };
}

function knownPlaces(): (() => Worker)[] {
  if (!here) return [];
  // bundlers know these very words, and build the file
  const beside = () =>
    new Worker(new URL("./training-worker.js", import.meta.url), { type: "module", name: "unrolled-training" });
  const leftBehind = () => workerOf(new URL(LEFT_BEHIND, here));
  return [beside, ...(here.includes("/.vite/deps/") ? [leftBehind] : []), () => workerOf(new URL(FILE, here))];
}

/** A worker must be of the page's own origin; another's file can be imported by one. */
function workerOf({ href, origin }: URL): Worker {
  const options = { type: "module", name: "unrolled-training" } as const;
  if (origin === location.origin) return new Worker(href, options);
  return new Worker(URL.createObjectURL(new Blob([`import ${JSON.stringify(href)}`], { type: "text/javascript" })), options);
}
