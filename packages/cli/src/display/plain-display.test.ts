import { describe, expect, it } from "vitest";
import { FakeHost } from "../testing/fake-host.js";
import { trainingProgress } from "../testing/training-progress.js";
import { PlainDisplay } from "./plain-display.js";

function shown() {
  const host = new FakeHost();
  const display = new PlainDisplay(host.messages, host.now);
  const at = (milliseconds: number, step: number, sample = () => "unasked") => {
    host.milliseconds = milliseconds;
    display.update(trainingProgress({ step }), sample);
    return host.messages.taken();
  };
  return { host, display, at };
}

describe("PlainDisplay", () => {
  it("writes what matters on one line, without escape sequences", () => {
    const { at } = shown();
    expect(at(0, 500)).toBe(
      "epoch 1/2  step 500/1,000  training loss 1.712  validation loss 1.803  45,678 characters/s  1 min 02 s left\n",
    );
  });

  it("leaves out the validation loss before there is one", () => {
    const { host, display } = shown();
    display.update(trainingProgress({ validationLoss: undefined }), () => "");
    expect(host.messages.text).not.toContain("validation");
  });

  it("writes a line every 5 seconds, whatever the number of steps", () => {
    const { at } = shown();
    const lines = Array.from({ length: 13 }, (_, second) => at(second * 1000, second + 1)).filter((text) => text !== "");
    expect(lines.map((line) => line.match(/step (\d+)/)?.[1])).toEqual(["1", "6", "11"]);
  });

  it("writes where training ended, once, and the whole time instead of the time left", () => {
    const { at, host, display } = shown();
    at(0, 1);
    expect(at(1, 1000)).toBe("");
    display.finish();
    display.finish();
    expect(host.messages.taken()).toMatch(/^epoch 1\/2 {2}step 1,000\/1,000 .* {2}1 min 00 s\n$/);
  });

  it("writes nothing at the end where the last step has a line already", () => {
    const { at, host, display } = shown();
    at(0, 1000);
    display.finish();
    expect(host.messages.taken()).toBe("");
  });

  it("writes nothing twice where the last validation changes nothing", () => {
    const { at, host, display } = shown();
    at(0, 1000);
    expect(at(1, 1000)).toBe("");
    display.finish();
    expect(host.messages.taken()).toBe("");
  });

  it("shows a sample on a line of its own every 15 seconds", () => {
    const { at } = shown();
    expect(at(0, 1, () => "too early")).not.toContain("too early");
    expect(at(15_001, 2, () => "the\nwhale \u001b[2J")).toContain("\n  writes: the↵whale ␛[2J\n");
    expect(at(20_001, 3, () => "too early")).not.toContain("too early");
  });
});
