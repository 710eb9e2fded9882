import { cpus, freemem, totalmem } from "node:os";
import type { Command } from "commander";
import { configure, engineInfo, version } from "unrolled";
import type { Host } from "../host.js";
import { productSpeed } from "../product-speed.js";

/** `unrolled info`: what it runs on, for a bug report and for the curious. */
export function addInfoCommand(program: Command, host: Host): void {
  program
    .command("info")
    .summary("show version, engine and machine")
    .description("Shows what unrolled runs on: its version, the build of its engine and its speed, Node, the machine.")
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", `\nExamples:\n  ${program.name()} info\n  ${program.name()} info --json`)
    .action((options: { json?: true }) => info(host, options));
}

async function info(host: Host, { json }: { json?: true }): Promise<void> {
  await configure({});
  const engine = engineInfo();
  await configure({ threads: 1 });
  const gigaflops = Math.round(productSpeed() * 10) / 10;
  await configure({ threads: engine.threads });
  const processors = cpus();
  const facts = {
    version,
    engine: engine.name,
    precision: engine.precision,
    threads: engine.threads,
    gigaflopsPerThread: gigaflops,
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform}-${process.arch}`,
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
  };
  if (json) {
    host.results.write(`${JSON.stringify(facts)}\n`);
    return;
  }
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const lines = [
    `unrolled   ${facts.version}`,
    `engine     ${facts.engine}, ${facts.precision}`,
    `threads    ${facts.threads}`,
    `products   ${gigaflops} GFLOP/s on one thread`,
    `Node       ${facts.node} (V8 ${facts.v8})`,
    `platform   ${facts.platform}`,
    `processor  ${facts.processor}`,
    `cores      ${facts.cores}`,
    `memory     ${gigabytes(facts.memoryBytes)}, ${gigabytes(facts.freeMemoryBytes)} free`,
  ];
  host.results.write(`${lines.join("\n")}\n`);
}
