/** `npm run bench -- quality --data DIR`: what this project learns from real data, against baselines and a target. */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { configure } from "unrolled";
import { runCommand, UsageError, wholeNumber } from "../command-line.js";
import { thisMachine } from "../machine.js";
import { type Measurement, measure } from "./measure.js";
import { qualityRecord, qualityTables } from "./report.js";
import { resultsDocument, resultsPath, writtenTasks } from "./results-document.js";
import type { QualityTask } from "./task.js";
import { airline } from "./tasks/airline.js";
import { dates } from "./tasks/dates.js";
import { digitStrips } from "./tasks/digit-strips.js";
import { engFra } from "./tasks/eng-fra.js";
import { ett } from "./tasks/ett.js";
import { japaneseVowels } from "./tasks/japanese-vowels.js";
import { mnist } from "./tasks/mnist.js";
import { multi30k } from "./tasks/multi30k.js";
import { numbers } from "./tasks/numbers.js";
import { pollution } from "./tasks/pollution.js";
import { pronunciation } from "./tasks/pronunciation.js";
import { sentimentSentences } from "./tasks/sentiment-sentences.js";
import { sst } from "./tasks/sst.js";
import { surnames } from "./tasks/surnames.js";
import { tinyshakespeare } from "./tasks/tinyshakespeare.js";
import { udEwt } from "./tasks/ud-ewt.js";

const tasks: readonly QualityTask[] = [
  tinyshakespeare,
  sst,
  sentimentSentences,
  surnames,
  japaneseVowels,
  mnist,
  udEwt,
  ett,
  airline,
  pollution,
  multi30k,
  engFra,
  numbers,
  dates,
  pronunciation,
  digitStrips,
];

const HELP = `Usage: npm run bench -- quality --data <folder> [options]

Trains on real data and measures on the part that was held out. Ends with exit code 1 where a target is missed.

Options:
  --data <folder>   holds a folder for each task's data, by the task's name
  --task <name>     only this task; may be given several times (default: all)
  --seeds <list>    trains once with each; the median counts (default: 1)
  --steps <count>   ends training after so many steps, to try the command
  --threads <count> how many compute (default: as many as the machine's processors allow)
  --write           bring docs/results.md up to date for the tasks that were run
  --json            print one JSON object on standard output, all else on standard error
  --help            print this

Tasks:
${tasks.map((task) => `  ${task.name}: ${task.description}; at ${task.better === "lower" ? "most" : "least"} ${task.target}${task.data ? `\n    data: ${task.data}` : ""}`).join("\n")}

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
      threads: { type: "string" },
      write: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const chosen = chooseTasks(values.task);
  if (values.data === undefined && chosen.some(({ data }) => data !== undefined)) {
    throw new UsageError("--data is missing: the folder that holds the data sets.");
  }
  if (values.threads !== undefined) await configure({ threads: wholeNumber("--threads", values.threads, 1) });
  const options = {
    data: values.data,
    seeds: values.seeds.split(",").map((seed) => wholeNumber("--seeds", seed, 0)),
    steps: values.steps === undefined ? undefined : wholeNumber("--steps", values.steps, 1),
    say: (line: string) => process.stderr.write(`${line}\n`),
  };
  const machine = thisMachine();
  const measurements: Measurement[] = [];
  for (const task of chosen) measurements.push(await measure(task, options));
  const output = values.json ? JSON.stringify(qualityRecord(machine, measurements)) : `\n${qualityTables(machine, measurements)}`;
  process.stdout.write(`${output}\n`);
  if (values.write) {
    await writeFile(resultsPath, resultsDocument(machine, measurements, await writtenTasks()));
    options.say(`Written: ${resultsPath}`);
  }
  return measurements.every(({ reached }) => reached) ? 0 : 1;
});

function chooseTasks(given: readonly string[] | undefined): readonly QualityTask[] {
  const unknown = given?.find((name) => !tasks.some((task) => task.name === name));
  if (unknown === undefined) return tasks.filter(({ name }) => given === undefined || given.includes(name));
  throw new UsageError(`--task must be one of ${tasks.map(({ name }) => name).join(", ")}, received ${JSON.stringify(unknown)}.`);
}
