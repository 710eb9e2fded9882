import type { Peer } from "./peer.js";

/** This project, which every other is compared with. */
export const OURS = "unrolled";

/** The adapters by the names of the command line and the results; loaded in the peer's own process alone. */
const adapters: Readonly<Record<string, () => Promise<{ readonly peer: Peer }>>> = {
  [OURS]: () => import("./unrolled.js"),
  tfjs: () => import("./tfjs.js"),
};

/** All but this project. */
export const peerNames: readonly string[] = Object.keys(adapters).filter((name) => name !== OURS);

export async function loadPeer(name: string): Promise<Peer> {
  const load = adapters[name];
  if (!load) throw new Error(`no adapter for the peer ${name}; there are ${Object.keys(adapters).join(", ")}`);
  return (await load()).peer;
}
