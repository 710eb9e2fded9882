/** `npm run bench -- memory`: how far back each cell can remember, on two problems that nothing else solves. */
import { parseArgs } from "node:util";
import { runCommand, UsageError, wholeNumber } from "../command-line.js";
import { describeMachine, thisMachine } from "../machine.js";
import { textTable } from "../text-table.js";
import { cellNames } from "./cells.js";
import { lossText, type Measurement, measure } from "./measure.js";
import { problems } from "./problems.js";

const HEADER = ["problem", "cell", "learning rate", "loss", "without memory", "solved after steps"];

const HELP = `Usage: npm run bench -- memory [options]

Trains every cell on the adding and the copy memory problem, at each learning rate of one grid, and shows the best.

Options:
  --problem <name>   only this problem; may be given several times (default: all: ${problems.map(({ name }) => name).join(", ")})
  --cell <name>      only this cell; may be given several times (default: all: ${cellNames.join(", ")})
  --rates <list>     learning rates of Adam that are tried (default: 0.001,0.003,0.01)
  --seeds <list>     trains once with each; the median counts (default: 1,2,3)
  --steps <count>    steps at most; training ends earlier where the problem is solved (default: 1500)
  --json             print one JSON object on standard output, all else on standard error
  --help             print this

Example:
  npm run bench -- memory --problem "adding 100" --cell LSTM --cell GRU --rates 0.003 --seeds 1
`;

await runCommand("memory", async () => {
  const { values } = parseArgs({
    options: {
      problem: { type: "string", multiple: true },
      cell: { type: "string", multiple: true },
      rates: { type: "string", default: "0.001,0.003,0.01" },
      seeds: { type: "string", default: "1,2,3" },
      steps: { type: "string", default: "1500" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const settings = {
    rates: values.rates.split(",").map(learningRate),
    seeds: values.seeds.split(",").map((seed) => wholeNumber("--seeds", seed, 0)),
    steps: wholeNumber("--steps", values.steps, 1),
    say: (line: string) => process.stderr.write(`${line}\n`),
  };
  const chosenCells = choose("--cell", values.cell, cellNames, (cell) => cell);
  const chosenProblems = choose("--problem", values.problem, problems, ({ name }) => name);
  const machine = thisMachine();
  const measurements: Measurement[] = [];
  for (const problem of chosenProblems) {
    for (const cell of chosenCells) measurements.push(await measure(problem, cell, settings));
  }
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ machine, settings: { ...settings, say: undefined }, measurements })}\n`
      : `\n${describeMachine(machine)}\n\n${textTable([HEADER, ...measurements.map(row)])}\n`,
  );
  return 0;
});

function row({ problem, cell, rate, loss, baseline, stepsToSolve }: Measurement): string[] {
  const steps = Number.isFinite(stepsToSolve) ? String(stepsToSolve) : "not solved";
  return [problem, cell, String(rate), lossText(loss), baseline.toFixed(4), steps];
}

function learningRate(text: string): number {
  const rate = Number(text);
  if (rate > 0 && Number.isFinite(rate)) return rate;
  throw new UsageError(`--rates must be numbers above 0, received ${JSON.stringify(text)}.`);
}

function choose<T>(
  option: string,
  given: readonly string[] | undefined,
  all: readonly T[],
  nameOf: (one: T) => string,
): readonly T[] {
  const unknown = given?.find((name) => !all.some((one) => nameOf(one) === name));
  if (unknown === undefined) return all.filter((one) => given === undefined || given.includes(nameOf(one)));
  throw new UsageError(`${option} must be one of ${all.map(nameOf).join(", ")}, received ${JSON.stringify(unknown)}.`);
}
