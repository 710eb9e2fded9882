/** `npm run bench -- quality --data DIR`: what this project learns from real data, against baselines and a target. */
import { parseArgs } from "node:util";
import { runCommand, UsageError, wholeNumber } from "../command-line.js";
import { thisMachine } from "../machine.js";
import { type Measurement, measure } from "./measure.js";
import { qualityRecord, qualityTables } from "./report.js";
import type { QualityTask } from "./task.js";
import { tinyshakespeare } from "./tasks/tinyshakespeare.js";

const tasks: readonly QualityTask[] = [tinyshakespeare];

const HELP = `Usage: npm run bench -- quality --data <folder> [options]

Trains on real data and measures on the part that was held out. Ends with exit code 1 where a target is missed.

Options:
  --data <folder>   holds a folder for each task's data, by the task's name
  --task <name>     only this task; may be given several times (default: all)
  --seeds <list>    trains once with each; the median counts (default: 1)
  --steps <count>   ends training after so many steps, to try the command
  --json            print one JSON object on standard output, all else on standard error
  --help            print this

Tasks:
${tasks.map(({ name, description, target }) => `  ${name}: ${description}; at most ${target}\n    data: ${name}/input.txt`).join("\n")}

Example:
  npm run bench -- quality --task tinyshakespeare --data ../data --seeds 1,2,3
`;

await runCommand("quality", async () => {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      task: { type: "string", multiple: true },
      seeds: { type: "string", default: "1" },
      steps: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.data === undefined) throw new UsageError("--data is missing: the folder that holds the data sets.");
  const options = {
    data: values.data,
    seeds: values.seeds.split(",").map((seed) => wholeNumber("--seeds", seed, 0)),
    steps: values.steps === undefined ? undefined : wholeNumber("--steps", values.steps, 1),
    say: (line: string) => process.stderr.write(`${line}\n`),
  };
  const machine = thisMachine();
  const measurements: Measurement[] = [];
  for (const task of chooseTasks(values.task)) measurements.push(await measure(task, options));
  const output = values.json ? JSON.stringify(qualityRecord(machine, measurements)) : `\n${qualityTables(machine, measurements)}`;
  process.stdout.write(`${output}\n`);
  return measurements.every(({ reached }) => reached) ? 0 : 1;
});

function chooseTasks(given: readonly string[] | undefined): readonly QualityTask[] {
  const unknown = given?.find((name) => !tasks.some((task) => task.name === name));
  if (unknown === undefined) return tasks.filter(({ name }) => given === undefined || given.includes(name));
  throw new UsageError(`--task must be one of ${tasks.map(({ name }) => name).join(", ")}, received ${JSON.stringify(unknown)}.`);
}
