/** `npm run bench -- footprint`: start-up, memory and size beside those of others. */
import { parseArgs } from "node:util";
import { runCommand, wholeNumber } from "../command-line.js";
import { describeMachine, thisMachine } from "../machine.js";
import { chooseTrainers } from "../speed/choose.js";
import { peers } from "../speed/peers/registry.js";
import { asText } from "../speed/report.js";
import { measureFootprints } from "./measure.js";
import { footprintTable } from "./report.js";

const HELP = `Usage: npm run bench -- footprint [options]

Measures what a library costs besides the time of its steps: process start to the end of the first training step, the resident set
at its largest while training (on Linux), and bytes that a page loads, gzipped: about two minutes.

Options:
  --peer <name>   only this peer (${peers.map(({ name }) => name).join(", ")}); may be given several times
  --runs <count>  starts of each, in turn (default: 3)
  --json          print one JSON object on standard output
  --help          print this
`;

await runCommand("footprint", async () => {
  const { values } = parseArgs({
    options: {
      peer: { type: "string", multiple: true },
      runs: { type: "string", default: "3" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const rounds = wholeNumber("--runs", values.runs, 1);
  const chosen = chooseTrainers(values.peer);
  const machine = thisMachine();
  const footprints = await measureFootprints(chosen, rounds);
  const text = `${describeMachine(machine)}\n${asText(footprintTable(footprints))}`;
  process.stdout.write(values.json ? `${JSON.stringify({ machine, footprints })}\n` : `${text}\n`);
  return 0;
});
