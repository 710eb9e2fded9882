import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** Where a benchmark ran: a figure means little without it. */
export interface Machine {
  readonly cpu: string;
  /** Those that this process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
  /** `linux-x64`. */
  readonly platform: string;
  readonly node: string;
  /** Processes that wanted to run in the minute before: other work on the machine shows here. 0 on Windows, which doesn't tell. */
  readonly load: number;
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    load: loadavg()[0] ?? 0,
  };
}

/** "AMD EPYC, 2 cores, linux-x64, Node 24.1.0, load 0.3". */
export function describeMachine({ cpu, cores, platform, node, load }: Machine): string {
  return `${cpu}, ${cores} ${cores === 1 ? "core" : "cores"}, ${platform}, Node ${node}, load ${load.toFixed(1)}`;
}
