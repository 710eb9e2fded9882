import { spawnSync } from "node:child_process";
import { smallest } from "./cases.js";
import { Contestant } from "./contestant.js";
import type { Column } from "./measure.js";
import { ourCommand } from "./peers/registry.js";

/**
 * This project in the other settings that users meet: the Node that ran npm, where it is older than the one the project brings
 * (as the library is there, without flags), and the build `wide` on this one. Those that don't run here are named on standard
 * error.
 */
export async function availableColumns(): Promise<readonly Column[]> {
  const candidates: Column[] = [];
  const host = process.env.UNROLLED_HOST_NODE;
  const major = host === undefined ? undefined : majorOf(host);
  if (host !== undefined && major !== undefined && major !== majorOf(process.execPath)) {
    candidates.push({ name: `Node ${major}`, node: host });
  }
  candidates.push({ name: "wide", build: "wide" });
  const runs = await Promise.all(candidates.map(starts));
  return candidates.filter((_, index) => runs[index]);
}

/** "20", of a Node that answers "v20.20.2"; undefined where it doesn't answer. */
function majorOf(node: string): string | undefined {
  return /^v(\d+)\./.exec(spawnSync(node, ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1];
}

async function starts({ name, ...setting }: Column): Promise<boolean> {
  try {
    const command = await ourCommand({ workload: smallest, mode: "infer", part: "network" }, 0, setting);
    (await Contestant.start(`unrolled, ${name}`, command)).stop();
    return true;
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    process.stderr.write(`skipped the column ${name}: ${reason}\n`);
    return false;
  }
}
