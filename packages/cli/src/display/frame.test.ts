import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import { trainingProgress } from "../testing/training-progress.js";
import { frame, type View } from "./frame.js";
import { LossCurve } from "./loss-curve.js";

const plain = picocolors.createColors(false);
const colored = picocolors.createColors(true);

function view(given: Partial<View> = {}): View {
  const curve = new LossCurve();
  for (let step = 1; step <= 500; step += 1) curve.add(step, 1000, 4 - step / 250, step > 250 ? 2.5 : undefined);
  const samples = [
    { step: 100, text: "tho whe\nand" },
    { step: 400, text: "the whale and the sea" },
  ];
  return { progress: trainingProgress(), curve, samples, notice: undefined, ...given };
}

describe("frame", () => {
  it("shows numbers, bar, curve and samples, as many as fit", () => {
    expect(frame(view(), 60, 24, plain)).toEqual([
      "epoch 1/2   step 500/1,000   training loss 1.712",
      "validation loss 1.803   45,678 characters/s",
      "1 min 02 s left",
      "██████████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░  50 %",
      "",
      " 3.97 ┼──╮",
      " 3.75 ┤  ╰──╮",
      " 3.53 ┤     ╰──╮",
      " 3.32 ┤        ╰──╮",
      " 3.10 ┤           ╰──╮",
      " 2.89 ┤              ╰─╮",
      " 2.67 ┤                ╰──╮",
      " 2.46 ┤                   ╰──╮",
      " 2.24 ┤                      ╰──╮",
      " 2.02 ┤                         ╰",
      "",
      "step 100  tho whe↵and",
      "step 400  the whale and the sea",
    ]);
  });

  it("takes fewer rows than the terminal has and no line wider than it, at any size", () => {
    const size = fc.record({ columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 8, max: 60 }) });
    fc.assert(
      fc.property(size, fc.boolean(), fc.nat(6), ({ columns, rows }, notice, samples) => {
        const all = view({
          notice: notice ? "Stopping after this step, then saving." : undefined,
          samples: Array.from({ length: samples }, (_, step) => ({ step, text: "the whale ".repeat(12) })),
        });
        const lines = frame(all, columns, rows, colored).map(stripVTControlCharacters);
        if (columns >= 30) expect(lines.length).toBeLessThan(rows);
        for (const line of lines) expect([...line].length).toBeLessThan(Math.max(2, columns));
      }),
    );
  });

  it("shows the newest sample first when there is no room for all", () => {
    const lines = frame(view(), 60, 8, plain).join("\n");
    expect(lines).toContain("step 400  the whale and the sea");
    expect(lines).not.toContain("step 100");
  });

  it("leaves out the progress bar before it outgrows a tiny terminal", () => {
    const lines = frame(view({ notice: "Saving." }), 30, 8, plain);
    expect(lines).toHaveLength(7);
    expect(lines.join("\n")).not.toContain("%");
    expect(lines.at(-1)).toBe("Saving.");
  });

  it("always shows the notice", () => {
    expect(frame(view({ notice: "Saving." }), 60, 10, plain).at(-1)).toBe("Saving.");
  });

  it("uses no escape sequence without colors, and some with", () => {
    expect(frame(view(), 80, 24, plain).join("\n")).not.toContain("\u001b");
    expect(frame(view(), 80, 24, colored).join("\n")).toContain("\u001b[36m");
  });
});
