/** `npm run bench -- large-file`: what memory it takes to train on a table that is larger than memory should be. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runCommand, wholeNumber } from "../command-line.js";
import { describeMachine, thisMachine } from "../machine.js";

/** Of the whole process, Node's own 50 MB included. */
const MOST_RESIDENT_MEGABYTES = 300;
const writer = fileURLToPath(new URL("write-table.ts", import.meta.url));
const trainer = fileURLToPath(new URL("train-on-table.mjs", import.meta.url));

interface Trained {
  readonly seconds: number;
  readonly loss: number;
  readonly mostResidentMegabytes: number;
}

const HELP = `Usage: npm run bench -- large-file [--megabytes <count>] [--steps <count>] [--json]

Writes a CSV of numbers, a quoted text and a label into the system's folder for temporary files, trains a classifier on its two columns of numbers, for which all of it is read
once to learn their scales and again for each epoch, and says how much memory the process took. Ends with exit code 1 where that is more than ${MOST_RESIDENT_MEGABYTES} MB.

Options:
  --megabytes <count>  the file's size (default: 2000)
  --steps <count>      training ends after so many batches of 256 (default: 4000)
  --json               print one JSON object on standard output, all else on standard error
  --help               print this
`;

await runCommand("large-file", async () => {
  const { values } = parseArgs({
    options: {
      megabytes: { type: "string", default: "2000" },
      steps: { type: "string", default: "4000" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const megabytes = wholeNumber("--megabytes", values.megabytes, 1);
  const steps = wholeNumber("--steps", values.steps, 1);
  const folder = await mkdtemp(join(tmpdir(), "unrolled-large-file-"));
  try {
    const path = join(folder, "reviews.csv");
    process.stderr.write(`writing ${megabytes} MB …\n`);
    // In a process of its own, whose memory isn't the reader's.
    execFileSync(process.execPath, [...process.execArgv, writer, path, String(megabytes * 1e6)]);
    process.stderr.write("training …\n");
    const trained = JSON.parse(execFileSync(process.execPath, [trainer, path, String(steps)], { encoding: "utf8" })) as Trained;
    const result = { machine: thisMachine(), fileMegabytes: (await stat(path)).size / 1e6, steps, ...trained };
    const { fileMegabytes, seconds, loss, mostResidentMegabytes } = result;
    if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else {
      process.stdout.write(
        `${describeMachine(result.machine)}\n${fileMegabytes.toFixed(0)} MB, ${steps} steps: ${seconds.toFixed(1)} s, ` +
          `loss ${loss.toFixed(4)}, at most ${mostResidentMegabytes.toFixed(0)} MB of memory\n`,
      );
    }
    return mostResidentMegabytes <= MOST_RESIDENT_MEGABYTES ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true });
  }
});
