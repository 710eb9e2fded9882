import { expect, it } from "vitest";
import { gru, lstm } from "./cells.js";
import { dense } from "./dense.js";
import { dropout } from "./dropout.js";
import { embedding } from "./embedding.js";
import { sequential } from "./sequential.js";

it("lists each layer with the shape that it gives and how many numbers it trains", () => {
  const network = sequential([
    embedding({ vocabularySize: 5000, units: 64 }),
    gru({ units: 128, layers: 2, returnSequences: true }),
    lstm({ units: 32 }),
    dropout(0.5),
    dense({ units: 2 }),
  ]);
  expect(network.summary()).toBe(
    `
layer      output              parameters
embedding  [batch, time, 64]      320,000
gru × 2    [batch, time, 128]     173,568
lstm       [batch, 32]             20,736
dropout    [batch, 32]                  0
dense      [batch, 2]                  66
total                             514,370`.slice(1),
  );
});

it("shows no time where the first layer doesn't need it, and time where every layer keeps it", () => {
  expect(sequential([dense({ inputSize: 3, units: 2 })]).summary()).toContain("dense  [batch, 2]");
  const timed = sequential([lstm({ inputSize: 3, units: 4, returnSequences: true }), dense({ units: 2 })]).summary();
  expect(timed).toContain("lstm   [batch, time, 4]");
  expect(timed).toContain("dense  [batch, time, 2]");
});
