import { describe, expect, it } from "vitest";
import { trainingProgress } from "../testing/training-progress.js";
import { progressItems } from "./progress-items.js";

const texts = (given: Parameters<typeof trainingProgress>[0]) => progressItems(trainingProgress(given)).map(({ text }) => text);

describe("progressItems", () => {
  it("tells the task's own metrics behind the loss, and what is trained on", () => {
    expect(texts({ validationMetrics: { accuracy: 0.9127 }, unit: "examples", perSecond: 1200.4 })).toEqual([
      ...["epoch 1/2", "step 500/1,000", "training loss 1.712", "validation loss 1.803", "validation accuracy 0.913"],
      ...["1,200 examples/s", "1 min 02 s left"],
    ]);
  });

  it("tells the time so far where nobody knows how many steps there will be", () => {
    const shown = texts({ steps: undefined, secondsLeft: undefined });
    expect(shown).toContain("step 500");
    expect(shown.at(-1)).toBe("1 min 00 s so far");
  });
});
