import { describe, expect, it } from "vitest";
import { RecordingStream } from "../testing/fake-host.js";
import { RedrawnBlock } from "./redrawn-block.js";

describe("RedrawnBlock", () => {
  it("draws over the lines before, clears what they leave, and gives the cursor back", () => {
    const stream = new RecordingStream(20, 10);
    const block = new RedrawnBlock(stream);
    block.draw(["one", "two"]);
    expect(stream.taken()).toBe("\u001b[?2026h\u001b[?25l\u001b[?7l\rone\u001b[K\ntwo\u001b[K\n\u001b[J\u001b[?7h\u001b[?2026l");
    block.draw(["three"]);
    expect(stream.taken()).toBe("\u001b[?2026h\u001b[?7l\u001b[2A\rthree\u001b[K\n\u001b[J\u001b[?7h\u001b[?2026l");
    block.close();
    expect(stream.taken()).toBe("\u001b[?25h");
  });

  it("goes up one row for each that a line takes after the terminal was made narrower, colors not counted", () => {
    const stream = new RecordingStream(20, 10);
    const block = new RedrawnBlock(stream);
    block.draw(["\u001b[36m1234567890\u001b[39m", "", "12345"]);
    stream.taken();
    stream.columns = 5;
    block.draw(["next"]);
    expect(stream.taken()).toContain("\u001b[4A\rnext");
  });

  it("leaves closed lines alone", () => {
    const stream = new RecordingStream(20, 10);
    const block = new RedrawnBlock(stream);
    block.draw(["one"]);
    block.close();
    block.close();
    stream.taken();
    block.draw(["two"]);
    expect(stream.taken()).toContain("\u001b[?7l\rtwo");
  });
});
