import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { arrivingTogether } from "./arriving-together.js";

async function groupsOf(items: AsyncIterable<number>, size: number): Promise<number[][]> {
  const groups: number[][] = [];
  for await (const group of arrivingTogether(items, size)) groups.push(group);
  return groups;
}

describe("arrivingTogether", () => {
  it("takes as many at a time as it may, in their order", async () => {
    async function* five() {
      yield* [1, 2, 3, 4, 5];
    }
    expect(await groupsOf(five(), 2)).toEqual([[1, 2], [3, 4], [5]]);
  });

  it("gives nothing of nothing", async () => {
    async function* none() {}
    expect(await groupsOf(none(), 2)).toEqual([]);
  });

  it("keeps none back for one that doesn't come", async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    async function* conversation() {
      yield 1;
      await answered; // who asks waits for an answer before the next question
      yield 2;
    }
    const groups: number[][] = [];
    for await (const group of arrivingTogether(conversation(), 10)) {
      groups.push(group);
      answer();
    }
    expect(groups).toEqual([[1], [2]]);
  });

  it("gives what came before an error, then the error", async () => {
    async function* broken() {
      yield* [1, 2];
      await wait(0);
      throw new Error("line 3");
    }
    const groups: number[][] = [];
    const reading = async () => {
      for await (const group of arrivingTogether(broken(), 10)) {
        groups.push(group);
        await wait(10);
      }
    };
    await expect(reading()).rejects.toThrow("line 3");
    expect(groups).toEqual([[1, 2]]);
  });

  it("ends its source where nobody reads on", async () => {
    let isEnded = false;
    async function* endless() {
      try {
        for (let n = 0; ; n++) yield await Promise.resolve(n);
      } finally {
        isEnded = true;
      }
    }
    for await (const group of arrivingTogether(endless(), 3)) {
      expect(group).toEqual([0, 1, 2]);
      break;
    }
    await wait(0);
    expect(isEnded).toBe(true);
  });

  it("lets an error of its reader through while the next has not come", async () => {
    async function* silent() {
      yield 1;
      await new Promise(() => {}); // standard input that stays open
      yield 2;
    }
    const reading = async () => {
      for await (const group of arrivingTogether(silent(), 10)) throw new Error(`no answer to ${group}`);
    };
    await expect(reading()).rejects.toThrow("no answer to 1");
  });
});
