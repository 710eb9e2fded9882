import { describe, expect, it } from "vitest";
import { stepProbabilities } from "../autograd/testing/tag-sequences.js";
import { tensor } from "../tensor/create.js";
import { lstm } from "./cells.js";
import { crf } from "./crf.js";
import { dense } from "./dense.js";
import { sequential } from "./sequential.js";
import { randomTensor } from "./testing/random-tensor.js";

describe("crf", () => {
  it("hands on the emissions as they are, and stands last in a network with lengths", () => {
    const field = crf();
    const [recurrent, scores] = [lstm({ inputSize: 2, units: 4, returnSequences: true }), dense({ units: 3 })];
    const x = randomTensor([2, 4, 2], 1);
    const with_ = sequential([recurrent, scores, field], { seed: 1 });
    const without = sequential([recurrent, scores], { seed: 1 });
    expect(with_.apply(x, { lengths: [4, 2] })).toEqual(without.apply(x, { lengths: [4, 2] }));
    expect(field.outputSize).toBe(3);
  });

  it("begins with tags that are independent", () => {
    const field = crf({ inputSize: 2 });
    const emissions = tensor([
      [
        [0, Math.log(3)],
        [0, 0],
      ],
    ]);
    expect(Array.from(field.probabilities(emissions).data)).toEqual(
      [0.25, 0.75, 0.5, 0.5].map((probability) => expect.closeTo(probability, 6)),
    );
  });

  it("gives each step's probabilities, summed over all sequences of tags, 0 past a sequence's end", () => {
    const field = crf({ inputSize: 3 });
    const [transitions, starts, ends] = [randomTensor([3, 3], 2), randomTensor([3], 3), randomTensor([3], 4)];
    field.loadStateDict({ transitions, start_transitions: starts, end_transitions: ends });
    const emissions = randomTensor([2, 4, 3], 5);
    const own = [0, 1].map((sequence) => {
      const length = sequence === 0 ? 2 : 4;
      const values = emissions.data.slice(sequence * 12, sequence * 12 + length * 3);
      const probabilities = stepProbabilities({ emissions: tensor(values, [length, 3]), transitions, starts, ends });
      return [...probabilities, ...Array<number>(12 - length * 3).fill(0)];
    });
    const actual = field.probabilities(emissions, { lengths: [2, 4] });
    expect(actual.shape).toEqual([2, 4, 3]);
    expect(Array.from(actual.data)).toEqual(own.flat().map((probability) => expect.closeTo(probability, 5)));
  });

  it("names its weights as pytorch-crf does", () => {
    const shapes = Array.from(crf({ inputSize: 5 }).stateDict(), ([name, { shape }]) => [name, shape]);
    expect(shapes).toEqual([
      ["start_transitions", [5]],
      ["end_transitions", [5]],
      ["transitions", [5, 5]],
    ]);
  });

  it("refuses what has no time, and unknown options", () => {
    const layers = () => [lstm({ inputSize: 2, units: 4 }), dense({ units: 3 }), crf()];
    expect(() => sequential(layers())).toThrow(expect.objectContaining({ code: "UNROLLED_VALUE" }));
    expect(() => crf({ inputSize: 3 }).apply([[1, 2, 3]])).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE" }));
    expect(() => crf({ units: 3 } as object)).toThrow("crf: there is no option `units`; the options are inputSize, trainable.");
  });
});
