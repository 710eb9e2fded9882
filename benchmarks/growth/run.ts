/** `npm run bench -- growth`: how the time of a training step grows with steps, batch, units and threads. */
import { parseArgs } from "node:util";
import { runCommand, UsageError, wholeNumber } from "../command-line.js";
import { describeMachine, thisMachine } from "../machine.js";
import { chooseTrainers } from "../speed/choose.js";
import { peers } from "../speed/peers/registry.js";
import { asText } from "../speed/report.js";
import { DEFAULT_PEERS, growths, measureGrowth } from "./measure.js";
import { growthRecords, growthTables } from "./report.js";

const quantities: readonly string[] = growths.map(({ quantity }) => quantity);

const HELP = `Usage: npm run bench -- growth [options]

Times training steps of one LSTM, beside peers and in turn with them, while one size grows: about three minutes.

Options:
  --of <quantity>  only ${quantities.join(", ")}; may be given several times
  --peer <name>    these peers (${peers.map(({ name }) => name).join(", ")}; default: ${DEFAULT_PEERS.join(", ")});
                   may be given several times
  --runs <count>   rounds, each a turn of everyone (default: 2)
  --json           print one JSON object on standard output
  --help           print this
`;

await runCommand("growth", async () => {
  const { values } = parseArgs({
    options: {
      of: { type: "string", multiple: true },
      peer: { type: "string", multiple: true },
      runs: { type: "string", default: "2" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const unknown = values.of?.find((given) => !quantities.includes(given));
  if (unknown !== undefined)
    throw new UsageError(`--of must be one of ${quantities.join(", ")}, received ${JSON.stringify(unknown)}.`);
  const rounds = wholeNumber("--runs", values.runs, 1);
  const chosen = chooseTrainers(values.peer).filter(({ name }) => values.peer !== undefined || DEFAULT_PEERS.includes(name));
  const machine = thisMachine();
  const points = await measureGrowth(chosen, { quantities: values.of, rounds });
  const text = [describeMachine(machine), ...growthTables(points).map(asText)].join("\n");
  process.stdout.write(values.json ? `${JSON.stringify({ machine, growth: growthRecords(points) })}\n` : `${text}\n`);
  return 0;
});
