import { describe, expect, it } from "vitest";
import { withEngine } from "../../engine/current.js";
import { threadedEngine } from "../../engine/testing/threaded-engine.js";
import { tensor } from "../../tensor/create.js";
import { Tensor } from "../../tensor/tensor.js";
import { evaluate, valueAndGradients } from "../gradients.js";
import { inScope } from "../scope.js";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { bestSequence, logTotal, scoredSequences, stepProbabilities } from "../testing/tag-sequences.js";
import { add } from "./add.js";
import { crfLosses, crfMarginals, crfPaths } from "./crf.js";
import { sum } from "./sum.js";

/** Three sequences of 4, 2 and 1 steps, packed step by step. */
const plan = { batch: 3, rows: 7, lengths: Int32Array.of(4, 2, 1), offsets: Int32Array.of(0, 3, 5, 6) };
const tags = 3;
const emissions = filled([plan.rows, tags], 1);
const transitions = filled([tags, tags], 2);
const starts = filled([tags], 3);
const ends = filled([tags], 4);
const targets = Tensor.owning(Int32Array.of(2, 0, 1, 1, 2, 1, 0), [plan.rows]);
const variables = [emissions, transitions, starts, ends];

const rowsOf = (place: number) =>
  Array.from({ length: plan.lengths[place] as number }, (_, t) => (plan.offsets[t] as number) + place);
/** The scores of one of the sequences, in float64. */
const scoresOf = (place: number) => ({
  emissions: tensor(rowsOf(place).map((row) => Array.from(emissions.data.slice(row * tags, (row + 1) * tags)))),
  ...{ transitions, starts, ends },
});

const losses = () =>
  inScope((scope) => {
    const scores = { transitions: scope.use(transitions), starts: scope.use(starts), ends: scope.use(ends) };
    return crfLosses(scope, scope.use(emissions), targets, scores, plan);
  });
const of = (op: typeof crfPaths) => () =>
  inScope((scope) => {
    const scores = { transitions: scope.use(transitions), starts: scope.use(starts), ends: scope.use(ends) };
    return op(scope, scope.use(emissions), scores, plan);
  });

describe("crfLosses", () => {
  it("are −log of the tags' share among all sequences of tags, enumerated", () => {
    const expected = [0, 1, 2].map((place) => {
      const own = rowsOf(place).map((row) => targets.data[row]);
      const [, score] = Array.from(scoredSequences(scoresOf(place))).find(([y]) => y.join() === own.join()) ?? [];
      return logTotal(scoresOf(place)) - (score as number);
    });
    expectValues(losses, [3], expected);
  });

  it("have the right derivative by emissions, transitions, starts and ends", () => {
    expectRightGradients(variables, () => weightedSum(losses()));
  });

  it("add their gradient to that of whatever else the scores are used for", () => {
    expectRightGradients(variables, () => add(add(sum(losses()), weightedSum(emissions)), weightedSum(transitions)));
  });

  it("have the right derivative by the transitions alone, and by the emissions alone", () => {
    expectRightGradients([transitions], () => weightedSum(losses()));
    expectRightGradients([emissions], () => weightedSum(losses()));
  });

  it("give the same bits on one thread and on three", async () => {
    const bitsOf = async (threads: number) =>
      withEngine(await threadedEngine("baseline", threads), () =>
        valueAndGradients(variables, () => sum(losses())).gradients.map(({ data }) => Array.from(data)),
      );
    expect(await bitsOf(3)).toEqual(await bitsOf(1));
  });
});

describe("crfPaths and crfMarginals", () => {
  it("find the best of all sequences of tags, enumerated", () => {
    const path = Array<number>(plan.rows).fill(-1);
    for (const place of [0, 1, 2]) {
      for (const [t, tag] of bestSequence(scoresOf(place)).entries()) path[rowsOf(place)[t] as number] = tag;
    }
    expectValues(of(crfPaths), [plan.rows], path);
  });

  it("give each step's probabilities, summed over all sequences of tags", () => {
    const expected = Array<number>(plan.rows * tags).fill(-1);
    for (const place of [0, 1, 2]) {
      for (const [at, probability] of stepProbabilities(scoresOf(place)).entries()) {
        expected[(rowsOf(place)[Math.floor(at / tags)] as number) * tags + (at % tags)] = probability;
      }
    }
    expectValues(of(crfMarginals), [plan.rows, tags], expected);
    expect(evaluate(of(crfMarginals)).data.length).toBe(plan.rows * tags);
  });
});
