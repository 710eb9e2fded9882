/** `npm run bench -- features`: what options cost, as ratios of training steps timed in turn. */
import { parseArgs } from "node:util";
import { adam, type Batch, dense, fit, lstm, meanSquaredError, type Sequential, sequential, tensor } from "unrolled";
import { runCommand, wholeNumber } from "../command-line.js";
import { describeMachine, thisMachine } from "../machine.js";
import { median } from "../median.js";
import { textTable } from "../text-table.js";

const [BATCH, TIME, INPUTS, UNITS] = [32, 128, 64, 128];

const HELP = `Usage: npm run bench -- features [--rounds <count>] [--json]

Times a training step (LSTM B${BATCH} T${TIME} I${INPUTS} H${UNITS}) with an option and without, in turn, and prints the ratio of the medians.

Options:
  --rounds <count>  steps timed of each (default: 20)
  --json            print one JSON object on standard output
  --help            print this
`;

interface Subject {
  readonly name: string;
  readonly network: Sequential;
  readonly batch: Batch;
  /** At most so many times the step without the option. */
  readonly atMost: number;
}

await runCommand("features", async () => {
  const { values } = parseArgs({
    options: { rounds: { type: "string", default: "20" }, json: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const rounds = wholeNumber("--rounds", values.rounds, 1);
  const times = subjects().map((subject) => ({ subject, step: stepper(subject), milliseconds: [] as number[] }));
  for (const { step } of times) for (let warmUp = 0; warmUp < 3; warmUp++) await step();
  for (let round = 0; round < rounds; round++) {
    for (const { step, milliseconds } of times) {
      const began = performance.now();
      await step();
      milliseconds.push(performance.now() - began);
    }
  }
  const plain = median(times[0]?.milliseconds ?? []);
  const results = times.map(({ subject: { name, atMost }, milliseconds }) => {
    const ms = median(milliseconds);
    return { name, ms, ratio: ms / plain, atMost };
  });
  const machine = thisMachine();
  const rows = results.map(({ name, ms, ratio, atMost }) => [name, ms.toFixed(1), ratio.toFixed(2), atMost.toFixed(2)]);
  const table = textTable([["training step", "ms", "ratio", "at most"], ...rows]);
  process.stdout.write(values.json ? `${JSON.stringify({ machine, results })}\n` : `${describeMachine(machine)}\n\n${table}\n`);
  return results.every(({ ratio, atMost }) => ratio <= atMost) ? 0 : 1;
});

function subjects(): Subject[] {
  const x = tensor(
    Float32Array.from({ length: BATCH * TIME * INPUTS }, (_, index) => Math.sin(index)),
    [BATCH, TIME, INPUTS],
  );
  const y = tensor(new Float32Array(BATCH * TIME * 8), [BATCH, TIME, 8]);
  const lengths = Array.from({ length: BATCH }, (_, sequence) => Math.round(1 + (sequence * (TIME - 1)) / (BATCH - 1)));
  const network = (options: { recurrentDropout?: number } = {}) =>
    sequential([lstm({ inputSize: INPUTS, units: UNITS, returnSequences: true, ...options }), dense({ units: 8 })], { seed: 1 });
  return [
    { name: "all sequences of full length", network: network(), batch: { x, y }, atMost: 1 },
    { name: "lengths drawn evenly from 1 to all", network: network(), batch: { x, y, lengths }, atMost: 0.6 },
    { name: "recurrentDropout: 0.3", network: network({ recurrentDropout: 0.3 }), batch: { x, y }, atMost: 1.2 },
  ];
}

function stepper({ network, batch }: Subject): () => Promise<unknown> {
  const options = { loss: meanSquaredError(), optimizer: adam() };
  return () => fit(network, [batch], options);
}
