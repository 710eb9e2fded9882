/** `npm run bench -- large-file`: what memory it takes to read a table that is larger than memory should be. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chooseColumns, classifierExamples, openData } from "@unrolled/data";
import { runCommand, wholeNumber } from "../command-line.js";
import { describeMachine, thisMachine } from "../machine.js";

/** Of the whole process, Node's own 50 MB included. */
const MOST_RESIDENT_MEGABYTES = 300;
const writer = fileURLToPath(new URL("write-table.ts", import.meta.url));
const EXAMPLES_A_READING = 20_000;

const HELP = `Usage: npm run bench -- large-file [--megabytes <count>] [--json]

Writes a CSV of numbers, a quoted text and a label into the system's folder for temporary files, reads it once as a classifier's examples, and says how
much memory the process took. Ends with exit code 1 where that is more than ${MOST_RESIDENT_MEGABYTES} MB.

Options:
  --megabytes <count>  the file's size (default: 2000)
  --json               print one JSON object on standard output, all else on standard error
  --help               print this
`;

await runCommand("large-file", async () => {
  const { values } = parseArgs({
    options: { megabytes: { type: "string", default: "2000" }, json: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const megabytes = wholeNumber("--megabytes", values.megabytes, 1);
  const folder = await mkdtemp(join(tmpdir(), "unrolled-large-file-"));
  try {
    const path = join(folder, "reviews.csv");
    process.stderr.write(`writing ${megabytes} MB …\n`);
    // In a process of its own, whose memory isn't the reader's.
    execFileSync(process.execPath, [...process.execArgv, writer, path, String(megabytes * 1e6)]);
    process.stderr.write("reading …\n");
    const result = { machine: thisMachine(), fileMegabytes: (await stat(path)).size / 1e6, ...(await read(path)) };
    const { fileMegabytes, rows, seconds, mostResidentMegabytes } = result;
    if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else {
      process.stdout.write(
        `${describeMachine(result.machine)}\n${fileMegabytes.toFixed(0)} MB, ${rows} rows: ${seconds.toFixed(1)} s, ` +
          `${(fileMegabytes / seconds).toFixed(1)} MB/s, at most ${mostResidentMegabytes.toFixed(0)} MB of memory\n`,
      );
    }
    return mostResidentMegabytes <= MOST_RESIDENT_MEGABYTES ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function read(path: string): Promise<{ rows: number; seconds: number; mostResidentMegabytes: number }> {
  const began = performance.now();
  const records = await openData(path);
  const examples = classifierExamples(records, await chooseColumns(records, "classifier"));
  let rows = 0;
  let most = 0;
  for await (const _ of examples()) {
    rows += 1;
    if (rows % EXAMPLES_A_READING === 0) most = Math.max(most, process.memoryUsage.rss());
  }
  return { rows, seconds: (performance.now() - began) / 1000, mostResidentMegabytes: most / 1e6 };
}
