/** `npm run bench`: how fast this project trains beside others, on this machine, in one run. */
import { parseArgs } from "node:util";
import { runCommand, UsageError, wholeNumber } from "../command-line.js";
import { thisMachine } from "../machine.js";
import { type Workload, workloads } from "./cases.js";
import { type Race, race } from "./measure.js";
import { peerNames } from "./peers/registry.js";
import { raceRecord, raceTable } from "./report.js";

const HELP = `Usage: npm run bench -- [speed] [options]

Times training steps of unrolled and of others, in turn, each in a process of its own. The figure is the median step; "times as
fast" is their time divided by ours. Without options every case runs against every peer.

Options:
  --case <words>   only cases whose name has these words, such as "B64" or "H128 L2"; may be given several times
  --peer <name>    only this peer (${peerNames.join(", ")}); may be given several times
  --runs <count>   rounds, each a turn of everyone (default: as many as fit into 20 s a case, at least 2)
  --json           print one JSON object on standard output, all else on standard error
  --help           print this

Cases:
${workloads.map(({ name }) => `  ${name}`).join("\n")}

Examples:
  npm run bench
  npm run bench -- --case H64 --runs 5
  npm run --silent bench -- --json > results.json
`;

await runCommand("speed", async () => {
  const { values } = parseArgs({
    options: {
      case: { type: "string", multiple: true },
      peer: { type: "string", multiple: true },
      runs: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const chosen = choosePeers(values.peer);
  const rounds = values.runs === undefined ? undefined : wholeNumber("--runs", values.runs, 1);
  const machine = thisMachine();
  const races: Race[] = [];
  for (const workload of chooseWorkloads(values.case)) {
    process.stderr.write(`${workload.name} …\n`);
    races.push(await race(workload, chosen, rounds));
  }
  process.stdout.write(values.json ? `${JSON.stringify(raceRecord(machine, races))}\n` : `\n${raceTable(machine, races)}\n`);
  return 0;
});

function chooseWorkloads(given: readonly string[] | undefined): readonly Workload[] {
  if (given === undefined) return workloads;
  const chosen = new Set(given.flatMap(matchingWorkloads));
  return workloads.filter((workload) => chosen.has(workload));
}

function matchingWorkloads(words: string): Workload[] {
  const wanted = words.toUpperCase().split(/\s+/).filter(Boolean);
  const matching = workloads.filter(({ name }) => wanted.every((word) => name.split(" ").includes(word)));
  if (matching.length > 0) return matching;
  throw new UsageError(`--case ${JSON.stringify(words)} fits none of ${workloads.map(({ name }) => name).join(", ")}.`);
}

function choosePeers(given: readonly string[] | undefined): readonly string[] {
  const unknown = given?.find((name) => !peerNames.includes(name));
  if (unknown === undefined) return given === undefined ? peerNames : [...new Set(given)];
  throw new UsageError(`--peer must be one of ${peerNames.join(", ")}, received ${JSON.stringify(unknown)}.`);
}
