import { describe, expect, it } from "vitest";
import type { Kernels } from "../../src/engine/kernels.js";
import { referenceEngine } from "../../src/engine/reference-engine.js";
import { engines, wasmEngines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, runKernel } from "../testing/run-kernel.js";
import { slopesOf } from "../testing/slopes-of.js";

const exact = referenceEngine("float64");

interface Problem {
  readonly time: number;
  readonly classes: number;
  readonly blank: number;
  readonly labels: readonly number[];
}

/**
 * Every count of labels up to that of two vectors of states, with and without repeats, and one that fills whole vectors several
 * times.
 */
const PROBLEMS: readonly Problem[] = [
  { time: 1, classes: 1, blank: 0, labels: [] },
  { time: 1, classes: 2, blank: 1, labels: [0] },
  { time: 4, classes: 3, blank: 0, labels: [1, 1] },
  { time: 7, classes: 5, blank: 2, labels: [0, 3, 3] },
  { time: 9, classes: 4, blank: 0, labels: [1, 2, 1, 2] },
  { time: 5, classes: 9, blank: 8, labels: [7, 6, 5, 4, 0] },
  { time: 30, classes: 17, blank: 0, labels: Array.from({ length: 13 }, (_, i) => 1 + ((i * i) % 16)) },
];

/** The blocks of a problem with logits of the given spread. */
function blocksOf({ time, classes, labels }: Problem, spread = 2) {
  return {
    logits: numbers(time * classes).map((value) => spread * value),
    logProbabilities: new Float32Array(time * classes),
    targets: Int32Array.from(labels),
    dLogits: numbers(time * classes, 3),
    workspace: (kernels: Kernels) => kernels.ctcWorkspaceLength(time, labels.length),
  };
}

type BlockAddresses = Record<keyof ReturnType<typeof blocksOf>, number>;

function forward(kernels: Kernels, { time, classes, blank, labels }: Problem, addresses: BlockAddresses): number {
  const { logits, logProbabilities, targets, workspace } = addresses;
  kernels.logSoftmax(time, classes, logits, logProbabilities);
  return kernels.ctcForward(time, classes, labels.length, blank, logProbabilities, targets, workspace);
}

function bothWays(kernels: Kernels, problem: Problem, addresses: BlockAddresses, scale: number): number {
  const { time, classes, blank, labels } = problem;
  const { logProbabilities, targets, workspace, dLogits } = addresses;
  const loss = forward(kernels, problem, addresses);
  kernels.ctcBackward(time, classes, labels.length, blank, scale, logProbabilities, targets, workspace, dLogits);
  return loss;
}

describe("ctc, float64 reference", () => {
  it.each(PROBLEMS)("ctcBackward: adds scale times the derivative of ctcForward, %j", (problem) => {
    const blocks = blocksOf(problem);
    const scale = -0.75;
    const { after } = runKernel(exact, blocks, (kernels, addresses) => bothWays(kernels, problem, addresses, scale));
    const { returned } = runKernel(exact, blocks, (kernels, addresses) => {
      const { memory } = exact;
      const logits = memory.elements.subarray(addresses.logits, addresses.logits + blocks.logits.length) as Float64Array;
      return slopesOf(logits, () => forward(kernels, problem, addresses));
    });
    (returned as number[]).forEach((slope, i) => {
      expect(after.dLogits[i]).toBeCloseTo((blocks.dLogits[i] as number) + scale * slope, 8);
    });
  });
});

describe.each(engines)("ctc, $name engine", ({ create }) => {
  const engine = create();

  it.each(PROBLEMS)("loss and gradient as in float64 to 2e-6, and nothing else written, %j", (problem) => {
    const difference = differenceFromReference(engine, blocksOf(problem), (kernels, addresses) =>
      bothWays(kernels, problem, addresses, 0.5),
    );
    expect(difference).toBeLessThan(2e-6);
  });

  it("1000 steps, whose probability no float holds: the loss as in float64 to 1e-6, the gradient to 1e-4", () => {
    const labels = Array.from({ length: 60 }, (_, i) => 1 + ((i * 7) % 28));
    const problem = { time: 1000, classes: 29, blank: 0, labels };
    const actual = runKernel(engine, blocksOf(problem), (kernels, addresses) => bothWays(kernels, problem, addresses, 1));
    const expected = runKernel(exact, blocksOf(problem), (kernels, addresses) => bothWays(kernels, problem, addresses, 1));
    const loss = expected.returned as number;
    expect(Math.exp(-loss)).toBe(0);
    expect(Math.abs((actual.returned as number) - loss) / loss).toBeLessThan(1e-6);
    const errors = expected.after.dLogits.map((slope, i) => Math.abs((actual.after.dLogits[i] as number) - slope));
    expect(Math.max(...errors)).toBeLessThan(1e-4);
  });

  it("logits of ±1000, whose probabilities are 0 in float32, keep a right loss and gradient", () => {
    const problem = { time: 6, classes: 4, blank: 0, labels: [2, 2, 1] };
    const difference = differenceFromReference(engine, blocksOf(problem, 500), (kernels, addresses) =>
      bothWays(kernels, problem, addresses, 1),
    );
    expect(difference).toBeLessThan(1e-5);
  });

  it.each([
    { name: "fewer steps than labels", problem: { time: 2, classes: 4, blank: 0, labels: [1, 2, 3] } },
    { name: "no step for the blank between repeats", problem: { time: 3, classes: 4, blank: 0, labels: [1, 2, 2] } },
  ])("ctcForward: Infinity for $name", ({ problem }) => {
    const { returned } = runKernel(engine, blocksOf(problem), (kernels, addresses) => forward(kernels, problem, addresses));
    expect(returned).toBe(Number.POSITIVE_INFINITY);
  });

  it("ctcForward: Infinity where every path meets a logit of −∞, at whatever step", () => {
    const problem = { time: 4, classes: 3, blank: 0, labels: [1] };
    for (let step = 0; step < problem.time; step++) {
      const blocks = blocksOf(problem);
      blocks.logits[step * 3] = Number.NEGATIVE_INFINITY;
      blocks.logits[step * 3 + 1] = Number.NEGATIVE_INFINITY;
      const { returned } = runKernel(engine, blocks, (kernels, addresses) => forward(kernels, problem, addresses));
      expect(returned, `step ${step}`).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it("goes around logits of −∞ where a path is left, and gives them no gradient", () => {
    const problem = { time: 4, classes: 3, blank: 0, labels: [1, 2] };
    const blocks = { ...blocksOf(problem), dLogits: new Float32Array(12) };
    for (const [step, c] of [
      [0, 0],
      [1, 2],
      [2, 1],
      [3, 0],
    ] as const)
      blocks.logits[step * 3 + c] = Number.NEGATIVE_INFINITY;
    const difference = differenceFromReference(engine, blocks, (kernels, addresses) => bothWays(kernels, problem, addresses, 1));
    expect(difference).toBeLessThan(1e-6);
    const { after } = runKernel(engine, blocks, (kernels, addresses) => bothWays(kernels, problem, addresses, 1));
    expect([0, 5, 7, 9].map((at) => after.dLogits[at])).toEqual([0, 0, 0, 0]);
  });

  it("ctcForward: NaN where a step's logits hold one", () => {
    const problem = { time: 4, classes: 3, blank: 0, labels: [1] };
    for (let step = 0; step < problem.time; step++) {
      const blocks = blocksOf(problem);
      blocks.logits[step * 3 + 2] = Number.NaN;
      const { returned } = runKernel(engine, blocks, (kernels, addresses) => forward(kernels, problem, addresses));
      expect(returned, `step ${step}`).toBeNaN();
    }
  });
});

describe.each(wasmEngines)("ctc, $name build", ({ create }) => {
  it("the same bits whatever was in the workspace before", () => {
    const engine = create();
    const problem = PROBLEMS.at(-1) as Problem;
    const run = () => runKernel(engine, blocksOf(problem), (kernels, addresses) => bothWays(kernels, problem, addresses, 0.5));
    const first = run();
    const other = { time: 20, classes: 5, blank: 4, labels: [0, 0, 1] };
    runKernel(engine, blocksOf(other), (kernels, addresses) => bothWays(kernels, other, addresses, 1));
    expect(run()).toEqual(first);
  });
});
