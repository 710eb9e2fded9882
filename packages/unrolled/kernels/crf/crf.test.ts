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
  readonly tags: number;
}

/** Every rest of a vector of tags, one and several vectors; one step and several. */
const PROBLEMS: readonly Problem[] = [
  { time: 1, tags: 1 },
  { time: 4, tags: 1 },
  { time: 1, tags: 3 },
  { time: 3, tags: 2 },
  { time: 5, tags: 3 },
  { time: 4, tags: 4 },
  { time: 7, tags: 5 },
  { time: 6, tags: 8 },
  { time: 9, tags: 17 },
];

/** The sequence at place 1 of three, of which others stop before it does. */
const PLACE = 1;

/** The blocks of a problem whose scores have the given spread. */
function blocksOf({ time, tags }: Problem, spread = 1) {
  const offsets = Int32Array.from({ length: time }, (_, t) => 3 * Math.min(t, 2) + 2 * Math.max(0, t - 2));
  const rows = 3 * time;
  const scores = (count: number, seed: number) => numbers(count, seed).map((value) => spread * value);
  return {
    offsets,
    emissions: scores(rows * tags, 1),
    targets: Int32Array.from({ length: rows }, (_, row) => (row * row + row) % tags),
    transitions: scores(tags * tags, 2),
    starts: scores(tags, 3),
    ends: scores(tags, 4),
    dEmissions: numbers(rows * tags, 5),
    dTransitions: numbers(tags * tags, 6),
    dStarts: numbers(tags, 7),
    dEnds: numbers(tags, 8),
    path: Int32Array.from({ length: rows }, (_, row) => 100 + row),
    workspace: (kernels: Kernels) => kernels.crfWorkspaceLength(time, tags),
  };
}

type Addresses = Record<keyof ReturnType<typeof blocksOf>, number>;

function forward(kernels: Kernels, { time, tags }: Problem, a: Addresses): number {
  const { offsets, emissions, targets, transitions, starts, ends, workspace } = a;
  return kernels.crfForward(time, tags, PLACE, offsets, emissions, targets, transitions, starts, ends, workspace);
}

function bothWays(kernels: Kernels, problem: Problem, a: Addresses, scale: number): number {
  const { time, tags } = problem;
  const loss = forward(kernels, problem, a);
  kernels.crfBackward(
    ...([time, tags, PLACE, scale, a.offsets, a.emissions, a.targets, a.transitions, a.ends, a.workspace] as const),
    ...([a.dEmissions, a.dTransitions, a.dStarts, a.dEnds] as const),
  );
  return loss;
}

function decode(kernels: Kernels, { time, tags }: Problem, a: Addresses): number {
  const { offsets, emissions, transitions, starts, ends, workspace, path } = a;
  return kernels.crfDecode(time, tags, PLACE, offsets, emissions, transitions, starts, ends, workspace, path);
}

describe("crf, float64 reference", () => {
  it.each(PROBLEMS)("crfBackward: adds scale times the derivative of crfForward, %j", (problem) => {
    const blocks = blocksOf(problem);
    const scale = -0.75;
    const { after } = runKernel(exact, blocks, (kernels, addresses) => bothWays(kernels, problem, addresses, scale));
    for (const [name, slope] of [
      ["emissions", "dEmissions"],
      ["transitions", "dTransitions"],
      ["starts", "dStarts"],
      ["ends", "dEnds"],
    ] as const) {
      const { returned } = runKernel(exact, blocks, (kernels, addresses) => {
        const first = addresses[name];
        const inputs = exact.memory.elements.subarray(first, first + blocks[name].length) as Float64Array;
        return slopesOf(inputs, () => forward(kernels, problem, addresses));
      });
      (returned as number[]).forEach((expected, i) => {
        expect(after[slope][i], `${slope} ${i}`).toBeCloseTo((blocks[slope][i] as number) + scale * expected, 8);
      });
    }
  });
});

describe.each(engines)("crf, $name engine", ({ create }) => {
  const engine = create();

  it.each(PROBLEMS)("loss and gradients as in float64 to 2e-6, and nothing else written, %j", (problem) => {
    const difference = differenceFromReference(engine, blocksOf(problem), (kernels, addresses) =>
      bothWays(kernels, problem, addresses, 0.5),
    );
    expect(difference).toBeLessThan(2e-6);
  });

  it.each(PROBLEMS)("the best path as in float64, its score to 1e-6, %j", (problem) => {
    const difference = differenceFromReference(engine, blocksOf(problem), (kernels, addresses) =>
      decode(kernels, problem, addresses),
    );
    expect(difference).toBeLessThan(1e-6);
  });

  it("1000 steps, whose probability no float holds: the loss as in float64 to 1e-6, gradients to 1e-4, the best path the same", () => {
    const problem = { time: 1000, tags: 9 };
    const work = (kernels: Kernels, addresses: Addresses) => {
      decode(kernels, problem, addresses);
      return bothWays(kernels, problem, addresses, 1);
    };
    const [actual, expected] = [engine, exact].map((each) => runKernel(each, blocksOf(problem), work)) as [
      ReturnType<typeof runKernel<ReturnType<typeof blocksOf>>>,
      ReturnType<typeof runKernel<ReturnType<typeof blocksOf>>>,
    ];
    const loss = expected.returned as number;
    expect(Math.exp(-loss)).toBe(0);
    expect(Math.abs((actual.returned as number) - loss) / loss).toBeLessThan(1e-6);
    expect(actual.after.path).toEqual(expected.after.path);
    for (const name of ["dEmissions", "dTransitions", "dStarts", "dEnds"] as const) {
      const errors = expected.after[name].map(
        (slope, i) => Math.abs((actual.after[name][i] as number) - slope) / Math.max(1, Math.abs(slope)),
      );
      expect(Math.max(...errors), name).toBeLessThan(1e-4);
    }
  });

  it("scores of ±1000, whose probabilities are 0 in float32, keep a right loss and gradient", () => {
    const problem = { time: 6, tags: 5 };
    const difference = differenceFromReference(engine, blocksOf(problem, 500), (kernels, addresses) =>
      bothWays(kernels, problem, addresses, 1),
    );
    expect(difference).toBeLessThan(1e-5);
  });

  it("scores of −∞ forbid: Infinity where the targets are, else no gradient for what is forbidden", () => {
    const problem = { time: 5, tags: 3 };
    const blocks = blocksOf(problem);
    const row = (t: number) => (blocks.offsets[t] as number) + PLACE;
    const [from, to] = [blocks.targets[row(1)] as number, blocks.targets[row(2)] as number];
    const forbidden = { ...blocks, transitions: blocks.transitions.slice() };
    forbidden.transitions[from * 3 + to] = Number.NEGATIVE_INFINITY;
    expect(runKernel(engine, forbidden, (kernels, addresses) => forward(kernels, problem, addresses)).returned).toBe(
      Number.POSITIVE_INFINITY,
    );

    const isUsed = (i: number, j: number) =>
      [1, 2, 3, 4].some((t) => blocks.targets[row(t - 1)] === i && blocks.targets[row(t)] === j);
    const free = Array.from({ length: 9 }, (_, place) => place).find((place) => !isUsed(Math.floor(place / 3), place % 3));
    const allowed = { ...blocks, transitions: blocks.transitions.slice(), dTransitions: new Float32Array(9) };
    allowed.transitions[free as number] = Number.NEGATIVE_INFINITY;
    const both = (kernels: Kernels, addresses: Addresses) => bothWays(kernels, problem, addresses, 1);
    expect(differenceFromReference(engine, allowed, both)).toBeLessThan(1e-6);
    expect(runKernel(engine, allowed, both).after.dTransitions[free as number]).toBe(0);
  });

  it("crfForward: NaN where a step's scores hold one", () => {
    const problem = { time: 4, tags: 3 };
    for (let t = 0; t < problem.time; t++) {
      const blocks = blocksOf(problem);
      blocks.emissions[((blocks.offsets[t] as number) + PLACE) * 3 + 2] = Number.NaN;
      const { returned } = runKernel(engine, blocks, (kernels, addresses) => forward(kernels, problem, addresses));
      expect(returned, `step ${t}`).toBeNaN();
    }
  });

  it("crfDecode: the lowest of equally good tags", () => {
    const problem = { time: 3, tags: 5 };
    const blocks = blocksOf(problem, 0);
    const { after } = runKernel(engine, blocks, (kernels, addresses) => decode(kernels, problem, addresses));
    expect([0, 1, 2].map((t) => after.path[(blocks.offsets[t] as number) + PLACE])).toEqual([0, 0, 0]);
  });
});

describe.each(wasmEngines)("crf, $name build", ({ create }) => {
  it("the same bits whatever was in the workspace before", () => {
    const engine = create();
    const problem = PROBLEMS.at(-1) as Problem;
    const run = () =>
      runKernel(engine, blocksOf(problem), (kernels, addresses) => {
        decode(kernels, problem, addresses);
        return bothWays(kernels, problem, addresses, 0.5);
      });
    const first = run();
    const other = { time: 20, tags: 6 };
    runKernel(engine, blocksOf(other), (kernels, addresses) => bothWays(kernels, other, addresses, 1));
    expect(run()).toEqual(first);
  });
});
