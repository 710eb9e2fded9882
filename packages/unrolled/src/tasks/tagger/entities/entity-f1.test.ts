import { describe, expect, it } from "vitest";
import { withEngine } from "../../../engine/current.js";
import { engines } from "../../../engine/testing/engines.js";
import { dense } from "../../../layers/dense.js";
import { embedding } from "../../../layers/embedding.js";
import { sequential } from "../../../layers/sequential.js";
import { tensor } from "../../../tensor/create.js";
import { evaluateMetrics } from "../../../training/evaluate-metrics.js";
import { crossEntropy } from "../../../training/losses/cross-entropy.js";
import { accuracy } from "../../../training/metrics/accuracy.js";
import { entityF1 } from "./entity-f1.js";
import { entityScores } from "./entity-scores.js";

const tags = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"];
const indexOf = (tag: string) => tags.indexOf(tag);

/** A network that gives to index k the tag k, so that inputs are predictions. */
function echo() {
  const network = sequential([embedding({ vocabularySize: 5, units: 5 }), dense({ units: 5 })], { seed: 1 });
  const identity = tags.map((_, row) => tags.map((_, column) => (row === column ? 1 : 0)));
  network.loadStateDict(
    new Map([
      ["0.weight", tensor(identity)],
      ["1.weight", tensor(identity)],
      ["1.bias", tensor(new Float32Array(5))],
    ]),
  );
  return network;
}

const gold = ["B-PER I-PER O B-LOC", "O B-LOC", "B-PER O O", "B-LOC I-LOC I-LOC O"].map((line) => line.split(" "));
const predicted = ["B-PER I-PER O B-PER", "O B-LOC", "O B-PER O", "B-LOC I-LOC O O"].map((line) => line.split(" "));

function batchOf(places: readonly number[]) {
  const lengths = places.map((place) => gold[place]?.length ?? 0);
  const padded = (all: readonly string[][]) =>
    places.map((place) => Array.from({ length: 4 }, (_, t) => Math.max(0, indexOf(all[place]?.[t] ?? "O"))));
  return { x: padded(predicted), y: padded(gold), lengths };
}

describe.each(engines)("entityF1 on the $name engine", ({ create }) => {
  it("is that of entityScores over all sequences of all batches, whatever their lengths and order, beside other metrics", async () => {
    const network = withEngine(create(), echo);
    const options = { loss: crossEntropy(), metrics: [accuracy(), entityF1(tags), { ...accuracy(), name: "again" }] };
    const { f1, accuracy: right, again } = await evaluateMetrics(network, [batchOf([2, 0]), batchOf([1, 3])], options);
    const expected = entityScores(gold, predicted);
    expect(expected.f1).toBe(0.4);
    expect(f1).toBe(expected.f1);
    expect(right).toBeCloseTo(9 / 13, 6);
    expect(again).toBe(right);
  });

  it("leaves out what a mask leaves out, and is 0 where nothing is right", async () => {
    const network = withEngine(create(), echo);
    const options = { loss: crossEntropy(), metrics: [entityF1(tags)] };
    const x = [[1, 2, 0, 1]];
    const y = [[1, 2, 0, 3]];
    expect((await evaluateMetrics(network, [{ x, y }], options)).f1).toBe(0.5);
    expect((await evaluateMetrics(network, [{ x, y, mask: [[1, 1, 1, 0]] }], options)).f1).toBe(1);
    expect((await evaluateMetrics(network, [{ x: [[0, 0]], y: [[1, 2]] }], options)).f1).toBe(0);
  });
});
