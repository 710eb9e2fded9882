import { UnrolledError } from "unrolled";
import { describe, expect, it } from "vitest";
import { answeredTogether, type Question } from "./answered-together.js";

async function* questions(...inputs: number[]): AsyncGenerator<Question<number>> {
  for (const [index, input] of inputs.entries()) yield await Promise.resolve({ input, place: `data.csv:${index + 1}` });
}

/** A model that knows square roots of what isn't negative, and how many it was asked for at a time. */
function roots() {
  const asked: number[] = [];
  const one = async (input: number) => {
    if (input < 0) throw new UnrolledError("UNROLLED_DATA", `there is no root of ${input}.`);
    return await Promise.resolve(Math.sqrt(input));
  };
  const many = async (inputs: readonly number[]) => {
    asked.push(inputs.length);
    return await Promise.all(inputs.map(one));
  };
  return { asked, one, many };
}

describe("answeredTogether", () => {
  it("answers what comes together side by side, in order", async () => {
    const model = roots();
    const answers: number[] = [];
    for await (const { answer } of answeredTogether(questions(1, 4, 9, 16, 25), 2, model)) answers.push(answer);
    expect(answers).toEqual([1, 2, 3, 4, 5]);
    expect(model.asked).toEqual([2, 2, 1]);
  });

  it("answers what stands before one that has no answer, and tells its place", async () => {
    const answers: number[] = [];
    const asking = async () => {
      for await (const { answer } of answeredTogether(questions(1, 4, -1, 9), 10, roots())) answers.push(answer);
    };
    await expect(asking()).rejects.toEqual(
      expect.objectContaining({ code: "UNROLLED_DATA", message: "data.csv:3: there is no root of -1." }),
    );
    expect(answers).toEqual([1, 2]);
  });
});
