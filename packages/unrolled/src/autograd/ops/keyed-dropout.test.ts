import { describe, expect, it } from "vitest";
import { tensor } from "../../tensor/create.js";
import { RandomStream } from "../../tensor/random.js";
import { valueAndGradients } from "../gradients.js";
import { expectRightGradients, filled, weightedSum } from "../testing/gradients.js";
import { dropout } from "./dropout.js";
import { type DropoutUnit, keyedDropout } from "./keyed-dropout.js";
import { square } from "./square.js";
import { sum } from "./sum.js";

const KEYS = tensor(Int32Array.of(3, 0, 5, 3, 1));
const random = (counter = 0) => Object.assign(new RandomStream(3, "dropout"), { counter });

describe.each<DropoutUnit>(["feature", "row"])("keyedDropout by %s", (unit) => {
  const x = filled([5, 7]);

  it("has the right derivative, through the mask of its own draw", () => {
    expectRightGradients([x], () => weightedSum(square(keyedDropout(x, 0.4, random(), KEYS, unit))));
  });

  it("gives rows of one key one mask, and each its own wherever it lies", () => {
    const ones = tensor(new Float32Array(35).fill(1), [5, 7]);
    const rowOf = (data: ArrayLike<number>, row: number) => Array.from(data).slice(7 * row, 7 * (row + 1));
    const mask = keyedDropout(ones, 0.5, random(), KEYS, unit).data;
    expect(rowOf(mask, 0)).toEqual(rowOf(mask, 3));
    const moved = keyedDropout(ones, 0.5, random(), tensor(Int32Array.of(1, 5, 3, 0, 0)), unit).data;
    expect([1, 0, 2, 3].map((row) => rowOf(moved, row))).toEqual([2, 4, 0, 1].map((row) => rowOf(mask, row)));
    const again = keyedDropout(ones, 0.5, random(1), KEYS, unit).data;
    expect(again).not.toEqual(mask);
    const source = random();
    const { gradients } = valueAndGradients([ones], () => sum(keyedDropout(ones, 0.5, source, KEYS, unit)));
    expect(gradients[0]?.data).toEqual(mask);
  });
});

describe("keyedDropout", () => {
  it("drops the features that `dropout` drops where keys count the rows, and whole rows by the row", () => {
    const ones = tensor(new Float32Array(35).fill(1), [5, 7]);
    const keys = tensor(Int32Array.of(0, 1, 2, 3, 4));
    expect(keyedDropout(ones, 0.5, random(), keys).data).toEqual(dropout(ones, 0.5, random()).data);
    const rows = keyedDropout(ones, 0.5, random(), keys, "row").data;
    const factors = dropout(tensor(new Float32Array(5).fill(1)), 0.5, random()).data;
    expect(Array.from(rows)).toEqual(Array.from(factors).flatMap((factor) => Array(7).fill(factor)));
  });
});
