import type { ConfigureOptions } from "../../engine/current.js";

let warned = false;

/** Says once that a page which isn't cross-origin isolated trains on one thread, where more were wanted. */
export function warnOfOneThread({ threads }: ConfigureOptions): void {
  if (warned || threads === 1 || globalThis.crossOriginIsolated !== false) return;
  warned = true;
  // biome-ignore lint/suspicious/noConsole: nothing is wrong that a program could act on, but whoever serves the page should know
  console.warn(
    "unrolled: this page is not cross-origin isolated, so training runs on one thread. Serve the page with the headers " +
      '"Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp" for all of them, or ' +
      "call configure({ threads: 1 }).",
  );
}
