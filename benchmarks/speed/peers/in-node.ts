import type { Peer } from "./peer.js";

/** The adapters that run in Node, each loaded in its peer's own process alone. */
const adapters: Readonly<Record<string, () => Promise<{ readonly peer: Peer }>>> = {
  unrolled: () => import("./unrolled.js"),
  tfjs: () => import("./tfjs.js"),
  brain: () => import("./brain.js"),
  onnxruntime: () => import("./onnxruntime.js"),
};

export async function loadPeer(name: string): Promise<Peer> {
  const load = adapters[name];
  if (!load) throw new Error(`no adapter in Node for the peer ${name}; there are ${Object.keys(adapters).join(", ")}`);
  return (await load()).peer;
}
