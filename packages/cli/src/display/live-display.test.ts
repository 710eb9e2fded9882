import { stripVTControlCharacters } from "node:util";
import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import { FakeHost, RecordingStream } from "../testing/fake-host.js";
import { trainingProgress } from "../testing/training-progress.js";
import { LiveDisplay } from "./live-display.js";

function shown() {
  const host = new FakeHost({ messages: new RecordingStream(80, 24) });
  const display = new LiveDisplay(host.messages, host.now, picocolors.createColors(false));
  const at = (milliseconds: number, step: number, sample = () => "unasked") => {
    host.milliseconds = milliseconds;
    display.update(trainingProgress({ step }), sample);
    return host.messages.taken();
  };
  return { host, display, at };
}

describe("LiveDisplay", () => {
  it("draws at most ten times a second", () => {
    const { at } = shown();
    const drawn = Array.from({ length: 100 }, (_, k) => at(k * 10, k + 1)).filter((text) => text !== "");
    expect(drawn).toHaveLength(10);
    expect(drawn[9]).toContain("step 91/1,000");
  });

  it("asks for a sample after 5 seconds and then every 15, and keeps showing the ones before", () => {
    const { at } = shown();
    const asked: number[] = [];
    for (let second = 0; second <= 36; second += 1) {
      const text = at(second * 1000, second + 1, () => {
        asked.push(second);
        return `sample at ${second}\n`;
      });
      if (second === 36) expect(text).toMatch(/sample at 5↵.*sample at 20↵.*sample at 35↵/s);
    }
    expect(asked).toEqual([5, 20, 35]);
  });

  it("shows a notice at once, and takes it away at the end", () => {
    const { at, host, display } = shown();
    at(0, 1);
    display.notice("Stopping after this step.");
    expect(host.messages.taken()).toContain("Stopping after this step.");
    display.finish();
    expect(host.messages.taken()).not.toContain("Stopping");
  });

  it("draws the newest step at the end and gives the cursor back, once", () => {
    const { at, host, display } = shown();
    expect(at(0, 1)).toContain("\u001b[?25l");
    at(1, 2);
    display.finish();
    const end = host.messages.taken();
    expect(end).toContain("step 2/1,000");
    expect(end.endsWith("\u001b[?25h")).toBe(true);
    display.finish();
    expect(host.messages.taken()).toBe("");
  });

  it("says a notice before the first step in a plain line, and has nothing to give back", () => {
    const { host, display } = shown();
    display.notice("Stopping.");
    display.finish();
    expect(host.messages.text).toBe("Stopping.\n");
    expect(stripVTControlCharacters(host.messages.text)).toBe(host.messages.text);
  });
});
