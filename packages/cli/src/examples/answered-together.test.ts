import { UnrolledError } from "unrolled";
import { describe, expect, it } from "vitest";
import { answeredTogether, type Question } from "./answered-together.js";

async function* questions(...inputs: number[]): AsyncGenerator<Question<number>> {
  for (const [index, input] of inputs.entries()) yield await Promise.resolve({ input, place: `data.csv:${index + 1}` });
}

/** A model that knows square roots of what isn't negative, and how many it was asked for at a time. */
function roots() {
  const asked: number[] = [];
  const answer = async (inputs: readonly number[]) => {
    asked.push(inputs.length);
    const negative = inputs.find((input) => input < 0);
    if (negative !== undefined) throw new UnrolledError("UNROLLED_DATA", `there is no root of ${negative}.`);
    return await Promise.resolve(inputs.map(Math.sqrt));
  };
  return { asked, answer };
}

describe("answeredTogether", () => {
  it("answers what comes together side by side, in order", async () => {
    const model = roots();
    const answers: number[] = [];
    for await (const { answer } of answeredTogether(questions(1, 4, 9, 16, 25), 2, model.answer)) answers.push(answer);
    expect(answers).toEqual([1, 2, 3, 4, 5]);
    expect(model.asked).toEqual([2, 2, 1]);
  });

  it("answers what stands before one that has no answer, and tells its place", async () => {
    const answers: number[] = [];
    const asking = async () => {
      for await (const { answer } of answeredTogether(questions(1, 4, -1, 9), 10, roots().answer)) answers.push(answer);
    };
    await expect(asking()).rejects.toEqual(
      expect.objectContaining({ code: "UNROLLED_DATA", message: "data.csv:3: there is no root of -1." }),
    );
    expect(answers).toEqual([1, 2]);
  });

  it("lets other errors through at once", async () => {
    let calls = 0;
    const broken = () => {
      calls++;
      return Promise.reject(new RangeError("a bug"));
    };
    await expect(answeredTogether(questions(1, 4), 10, broken).next()).rejects.toThrow("a bug");
    expect(calls).toBe(1);
  });
});
