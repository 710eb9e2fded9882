/** `npm run bench -- features`: what options cost, as ratios of training steps timed in turn. */
import { parseArgs } from "node:util";
import {
  adam,
  type Batch,
  dense,
  fit,
  type GruOptions,
  gru,
  type Layer,
  type LstmOptions,
  lstm,
  meanSquaredError,
  type Sequential,
  sequential,
  tensor,
} from "unrolled";
import { runCommand, wholeNumber } from "../command-line.js";
import { describeMachine, thisMachine } from "../machine.js";
import { median } from "../median.js";
import { textTable } from "../text-table.js";

const [BATCH, TIME, INPUTS, UNITS] = [32, 128, 64, 128];

const HELP = `Usage: npm run bench -- features [--rounds <count>] [--json]

Times a training step (B${BATCH} T${TIME} I${INPUTS} H${UNITS}) of an LSTM and a GRU with an option and without, in
turn, and prints the ratio of the medians.

Options:
  --rounds <count>  steps timed of each (default: 20)
  --json            print one JSON object on standard output
  --help            print this
`;

interface Subject {
  readonly cell: "lstm" | "gru";
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
  const results = times.map(({ subject: { cell, name, atMost }, milliseconds }) => {
    const ms = median(milliseconds);
    const plain = median(times.find(({ subject }) => subject.cell === cell)?.milliseconds ?? []);
    return { cell, name, ms, ratio: ms / plain, atMost };
  });
  const machine = thisMachine();
  const rows = results.map(({ cell, name, ms, ratio, atMost }) => [
    `${cell}, ${name}`,
    ms.toFixed(1),
    ratio.toFixed(2),
    atMost.toFixed(2),
  ]);
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
  const options = { inputSize: INPUTS, units: UNITS, returnSequences: true };
  const behind = (layer: Layer) => sequential([layer, dense({ units: 8 })], { seed: 1 });
  const ofLstm = (own: Partial<LstmOptions>, atMost: number, name = described(own)): Subject => ({
    ...{ cell: "lstm", name, network: behind(lstm({ ...options, ...own })), batch: { x, y }, atMost },
  });
  const ofGru = (own: Partial<GruOptions>, atMost: number, name = described(own)): Subject => ({
    ...{ cell: "gru", name, network: behind(gru({ ...options, ...own })), batch: { x, y }, atMost },
  });
  return [
    ofLstm({}, 1, "all sequences of full length"),
    { ...ofLstm({}, 0.6, "lengths drawn evenly from 1 to all"), batch: { x, y, lengths } },
    ofLstm({ recurrentDropout: 0.3 }, 1.2),
    ofLstm({ layerNormalization: true }, 1.4),
    ofLstm({ peepholes: true }, 1.2),
    ofLstm({ projectionSize: UNITS / 2 }, 1),
    ofLstm({ coupledGates: true }, 1),
    ofLstm({ cellClip: 3 }, 1.2),
    ofGru({}, 1, "all sequences of full length"),
    ofGru({ resetAfter: false }, 1.2),
    ofGru({ layerNormalization: true }, 1.4),
  ];
}

function described(options: object): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");
}

function stepper({ network, batch }: Subject): () => Promise<unknown> {
  const options = { loss: meanSquaredError(), optimizer: adam() };
  return () => fit(network, [batch], options);
}
