import { describe, expect, it } from "vitest";
import { FakeHost, RecordingStream } from "../testing/fake-host.js";
import { trainingProgress } from "../testing/training-progress.js";
import { trainingDisplay } from "./training-display.js";

const terminal = () => new RecordingStream(80, 24);

/** Where one update of a display appears, and whether in place. */
function update(host: FakeHost, json = false): { results: string; messages: string } {
  const display = trainingDisplay(host, { json });
  display.update(trainingProgress(), () => "");
  display.finish();
  const kind = (text: string) => (text === "" ? "nothing" : text.includes("\u001b[?25l") ? "live" : "lines");
  return { results: kind(host.results.text), messages: kind(host.messages.text) };
}

describe("trainingDisplay", () => {
  it("is live on standard error where that is a terminal, wherever the results go", () => {
    expect(update(new FakeHost({ messages: terminal() }))).toEqual({ results: "nothing", messages: "live" });
    expect(update(new FakeHost({ messages: terminal(), results: terminal() }))).toEqual({ results: "nothing", messages: "live" });
  });

  it("is live among the results where they alone go to a terminal, but never with --json", () => {
    expect(update(new FakeHost({ results: terminal() }))).toEqual({ results: "live", messages: "nothing" });
    expect(update(new FakeHost({ results: terminal() }), true)).toEqual({ results: "nothing", messages: "lines" });
  });

  it("is lines on standard error where there is no terminal, or one that can't be drawn on", () => {
    expect(update(new FakeHost())).toEqual({ results: "nothing", messages: "lines" });
    const dumb = new FakeHost({ messages: terminal(), environment: { TERM: "dumb" } });
    expect(update(dumb)).toEqual({ results: "nothing", messages: "lines" });
  });

  it("has colors in a terminal, unless NO_COLOR is set", () => {
    const cyan = "\u001b[36m";
    const host = new FakeHost({ messages: terminal() });
    update(host);
    expect(host.messages.text).toContain(cyan);
    const without = new FakeHost({ messages: terminal(), environment: { NO_COLOR: "1" } });
    update(without);
    expect(without.messages.text).not.toContain(cyan);
  });
});
