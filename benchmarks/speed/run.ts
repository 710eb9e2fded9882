/** `npm run bench`: how fast this project is beside others, on this machine, in one run. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { svgOf } from "../chart.js";
import { runCommand, UsageError, wholeNumber } from "../command-line.js";
import { writeDocument } from "../document.js";
import { thisMachine } from "../machine.js";
import { cases } from "./cases.js";
import { raceChart } from "./chart.js";
import { chooseCases, choosePeers } from "./choose.js";
import { availableColumns } from "./columns.js";
import { type Race, race } from "./measure.js";
import { peers } from "./peers/registry.js";
import { raceRecord, raceText } from "./report.js";
import { modes } from "./workload.js";

const HELP = `Usage: npm run bench -- [speed] [options]

Times unrolled and others in turn, each in a process of its own: training steps, inference, and single steps of a stream. A figure
is the median; × is a peer's time divided by ours. Without options every case runs against every peer that this machine has: about
six minutes.

Options:
  --case <words>    only cases whose name has these words, such as "B64" or "H128 L2"; may be given several times;
                    or a whole name with sizes of its own: "LSTM B16 T100 I32 H48"
  --mode <mode>     only ${modes.join(", ")}; may be given several times
  --peer <name>     only this peer (${peers.map(({ name }) => name).join(", ")}); may be given several times
  --runs <count>    rounds, each a turn of everyone (default: as many as fit into 5 s a case, at least 2)
  --threads <count> threads of everyone who can have several (default: the machine's cores)
  --build <name>    of unrolled: baseline, relaxed, wide, reference (default: as the library chooses)
  --json            print one JSON object on standard output, all else on standard error
  --svg <file>      draw a chart of the ratios
  --write           after all of this, of growth, footprint and browser, write docs/benchmarks.md and docs/benchmarks.svg
  --help            print this

Cases:
${cases.map(({ workload: { name }, mode }) => `  ${name}, ${mode}`).join("\n")}

Examples:
  npm run bench
  npm run bench -- --case H64 --peer onednn --peer pytorch
  npm run --silent bench -- --json > results.json
`;

await runCommand("speed", async () => {
  const { values } = parseArgs({
    options: {
      case: { type: "string", multiple: true },
      mode: { type: "string", multiple: true },
      peer: { type: "string", multiple: true },
      runs: { type: "string" },
      threads: { type: "string" },
      build: { type: "string" },
      json: { type: "boolean", default: false },
      svg: { type: "string" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const narrowed = [values.case, values.mode, values.peer, values.threads, values.build].some((value) => value !== undefined);
  if (values.write && narrowed) throw new UsageError("--write takes all cases and peers: give it without what narrows them.");
  const rounds = values.runs === undefined ? undefined : wholeNumber("--runs", values.runs, 1);
  const threads = values.threads === undefined ? 0 : wholeNumber("--threads", values.threads, 1);
  const chosen = choosePeers(values.peer);
  const chosenCases = chooseCases(values.case, values.mode, values.peer && chosen);
  const machine = thisMachine();
  const columns = values.build === undefined ? await availableColumns() : [];
  const races: Race[] = [];
  for (const each of chosenCases) {
    process.stderr.write(`${each.workload.name}, ${each.mode} …\n`);
    races.push(await race(each, { peers: chosen, columns, build: values.build, threads, rounds }));
  }
  process.stdout.write(values.json ? `${JSON.stringify(raceRecord(machine, races))}\n` : `\n${raceText(machine, races)}\n`);
  if (values.svg !== undefined) writeFileSync(values.svg, await svgOf(raceChart(races)));
  if (values.write) await writeDocument(machine, races, { peers: chosen });
  return 0;
});
