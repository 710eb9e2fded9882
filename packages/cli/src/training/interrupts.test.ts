import { describe, expect, it } from "vitest";
import { FakeHost } from "../testing/fake-host.js";
import { listenForInterrupts } from "./interrupts.js";

function listening() {
  const host = new FakeHost();
  const calls: string[] = [];
  const interrupts = listenForInterrupts(host, { onFirst: () => calls.push("first"), onSecond: () => calls.push("second") });
  return { host, calls, interrupts };
}

describe("listenForInterrupts", () => {
  it("asks the work to end at the first Ctrl-C, and does not leave", () => {
    const { host, calls, interrupts } = listening();
    expect(interrupts.signal.aborted).toBe(false);
    host.interrupt();
    expect(interrupts.signal.aborted).toBe(true);
    expect(calls).toEqual(["first"]);
    expect(host.exits).toEqual([]);
  });

  it("leaves at once at the second", () => {
    const { host, calls } = listening();
    host.interrupt();
    host.milliseconds += 1000;
    host.interrupt();
    expect(calls).toEqual(["first", "second"]);
    expect(host.exits).toEqual([130]);
  });

  it("takes the copies of one Ctrl-C that npm hands on for one", () => {
    const { host, calls } = listening();
    host.interrupt();
    host.milliseconds += 20;
    host.interrupt();
    host.interrupt();
    expect(calls).toEqual(["first"]);
    expect(host.exits).toEqual([]);
  });

  it("listens no longer once stopped, so that Ctrl-C ends the process again", () => {
    const { host, calls, interrupts } = listening();
    interrupts.stop();
    expect(host.interrupt()).toBe(false);
    expect(interrupts.signal.aborted).toBe(false);
    expect(calls).toEqual([]);
  });
});
