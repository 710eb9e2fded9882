/** `npm run bench -- endurance`: whether long training stays as it began, and whether vanished gradients cost time. */
import { parseArgs } from "node:util";
import { runCommand, UsageError } from "../command-line.js";
import { describeMachine, thisMachine } from "../machine.js";
import { median } from "../median.js";
import { textTable } from "../text-table.js";
import { besideFresh } from "./beside-fresh.js";
import { type Reading, train, trainee } from "./training.js";
import { vanishing } from "./vanishing.js";

/** Readings of a run; the first is its beginning, with everything that is compiled and taken once. */
const READINGS = 10;
/** The time of a step over that in a process that has just begun, at most. */
const MOST_SLOWDOWN = 1.1;
/** Of the engine's memory, the last reading over the second: none. */
const MOST_ENGINE_GROWTH = 1;
/**
 * Of the process, the last three readings over the three around half time, their medians: arrays of ever other sizes are the host's, malloc settles late, and a
 * reading may come just before garbage is collected.
 */
const MOST_GROWTH = 1.1;
/** A step of a long sequence over one of a short sequence at most. */
const MOST_VANISHING = 1.1;
const ROUNDS = 5;

const HEADER = ["minutes", "steps", "ns a row", "loss", "Wasm MB", "heap MB", "resident MB"];

const HELP = `Usage: npm run bench -- endurance [--minutes <count>] [--json]

Trains a bidirectional LSTM on batches of 1 to 48 sequences of 1 to 160 steps, and reads memory and speed ${READINGS} times. Then times training on
sequences of 4096 steps, whose gradients vanish, beside sequences of 128. Ends with exit code 1 where the engine's memory grows after the second
reading, the process's by more than a tenth after half time (medians of three readings), a step takes more than ${MOST_SLOWDOWN} times as long as in a process that begins
then, in turns with it, the loss is not finite, or the long sequences take more than ${MOST_VANISHING} times as long a step.

Options:
  --minutes <count>  how long it trains, fractions too (default: 20)
  --json             print one JSON object on standard output, all else on standard error
  --help             print this
`;

await runCommand("endurance", async () => {
  const { values } = parseArgs({
    options: { minutes: { type: "string", default: "20" }, json: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const minutes = minutesOf(values.minutes);
  const own = trainee();
  const readings = await train(own, minutes, minutes / READINGS, (reading) => {
    process.stderr.write(`${row(reading).join("  ")}\n`);
  });
  const beside = await besideFresh(own, ROUNDS);
  const gradients = await vanishing(ROUNDS);
  const machine = thisMachine();
  const [second, last] = [readings[1], readings.at(-1)];
  const engineGrowth = ratio(last?.wasmMegabytes, second?.wasmMegabytes);
  const growth = ratio(resident(readings.slice(-3)), resident(readings.slice(READINGS / 2 - 2, READINGS / 2 + 1)));
  const stayedFinite = readings.every(({ loss }) => Number.isFinite(loss));
  const memoryStayed = engineGrowth <= MOST_ENGINE_GROWTH && growth <= MOST_GROWTH;
  const isGood = stayedFinite && memoryStayed && beside.ratio <= MOST_SLOWDOWN && gradients.ratio <= MOST_VANISHING;
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ machine, readings, beside, engineGrowth, growth, vanishing: gradients })}\n`);
    return isGood ? 0 : 1;
  }
  const lines = [
    describeMachine(machine),
    textTable([HEADER, ...readings.map(row)]),
    `memory: the engine's at the end ${engineGrowth.toFixed(2)} of that at the second reading, the process's ${growth.toFixed(2)} of that at half time`,
    `time for each row, in turns: ${beside.aged.toFixed(0)} ns after all this, ${beside.fresh.toFixed(0)} ns in a fresh process, ratio ${beside.ratio.toFixed(2)}`,
    `a step in time with vanishing gradients: ${gradients.short.toFixed(2)} µs of 128, ${gradients.long.toFixed(2)} µs of 4096, ratio ${gradients.ratio.toFixed(2)}`,
  ];
  process.stdout.write(`${lines.join("\n\n")}\n`);
  return isGood ? 0 : 1;
});

function resident(readings: readonly Reading[]): number {
  return median(readings.map(({ residentMegabytes }) => residentMegabytes));
}

function ratio(last = Number.NaN, first = Number.NaN): number {
  return last / first;
}

function row(reading: Reading): string[] {
  const { minutes, steps, nanosecondsPerRow, loss, wasmMegabytes, heapMegabytes, residentMegabytes } = reading;
  const memory = [wasmMegabytes, heapMegabytes, residentMegabytes].map((megabytes) => megabytes.toFixed(0));
  return [minutes.toFixed(1), String(steps), nanosecondsPerRow.toFixed(0), loss.toFixed(4), ...memory];
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (minutes > 0 && Number.isFinite(minutes)) return minutes;
  throw new UsageError(`--minutes must be a number above 0, received ${JSON.stringify(text)}.`);
}
