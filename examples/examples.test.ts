import { readdirSync, readFileSync } from "node:fs";
import { format } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";

const folder = new URL(".", import.meta.url);
const names = readdirSync(folder).flatMap((file) => /^(\d\d-.*)\.ts$/.exec(file)?.[1] ?? []);

afterEach(() => vi.restoreAllMocks());

/** Runs an example; gives what it prints. */
async function run(name: string): Promise<string> {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
    lines.push(format(...values));
  });
  await import(/* @vite-ignore */ new URL(`${name}.ts`, folder).href);
  return lines.join("\n");
}

/** The number that stands behind some words. */
function numberAfter(words: string, text: string): number {
  const number = text.split(words)[1]?.match(/-?\d+(\.\d+)?(e[-+]\d+)?/)?.[0];
  if (number === undefined) throw new Error(`no number behind ${JSON.stringify(words)} in:\n${text}`);
  return Number(number);
}

/** What each example has to reach. */
const targets: Readonly<Record<string, (printed: string) => void>> = {
  "01-hello-network": (printed) => {
    expect(printed).toMatch(/^total +3,660$/m);
    expect(printed.split("\n").at(-1)).toBe("hello, little network");
  },
  "02-own-loop": (printed) => {
    expect(numberAfter("repeating the last value", printed)).toBeCloseTo(0.183, 3);
    expect(numberAfter("the network", printed)).toBeLessThan(0.01);
  },
  "03-own-cell": (printed) => {
    expect(numberAfter("gradients differ by", printed)).toBeLessThan(1e-7);
    expect(numberAfter("loss before", printed)).toBeCloseTo(Math.log(4), 1);
    expect(numberAfter("after", printed)).toBeLessThan(0.05);
  },
  "04-written-out-lstm": (printed) => {
    expect(numberAfter("built in", printed)).toBeGreaterThan(0.001);
    expect(numberAfter("written out", printed)).toBeCloseTo(numberAfter("built in", printed), 7);
    expect(numberAfter("weights differ by", printed)).toBeLessThan(1e-7);
  },
  "05-lengths": (printed) => {
    expect(numberAfter("walks of 1 to 7 steps:", printed)).toBeGreaterThan(99);
    expect(numberAfter("longer than any seen:", printed)).toBeGreaterThan(90);
    expect(printed).toContain("the same bits whatever the padding: true");
  },
  "06-bidirectional": (printed) => {
    expect(numberAfter("forward only:", printed)).toBeLessThan(60);
    expect(numberAfter("both directions:", printed)).toBeGreaterThan(95);
  },
  "07-streaming": (printed) => {
    expect(printed.match(/^t \d+: measured/gm)).toEqual(["t 1040: measured", "t 1070: measured"]);
    expect(Math.abs(numberAfter("t 1100: will be", printed) - numberAfter("is", printed))).toBeLessThan(0.15);
    expect(printed).toContain("the same bits as a whole stretch: true");
  },
  "08-saving": (printed) => {
    expect(numberAfter("loss resumed", printed)).toBe(numberAfter("at once", printed));
    expect(numberAfter("at once", printed)).toBeLessThan(0.2);
    expect(printed).toContain("files: README.md, config.json, history.jsonl, model.safetensors, vocabulary.json");
    expect(printed).toMatch(/^saved: {2}(.*)\nloaded: \1$/m);
    expect(printed).toContain("weight_hh_l0 [ 16, 4 ]");
  },
  "09-classifier": (printed) => {
    expect(numberAfter("naive Bayes", printed)).toBeLessThan(0.75);
    expect(numberAfter("the classifier", printed)).toBeGreaterThan(0.9);
    expect(printed).toContain('"they say the actors are not awful" is praise');
    expect(numberAfter("not     +", printed)).toBeGreaterThan(1);
  },
  "11-tagger": (printed) => {
    expect(numberAfter("F1 of names", printed)).toBeGreaterThan(0.95);
    expect(numberAfter("by each word's most frequent tag", printed)).toBeLessThan(0.5);
    expect(printed).toMatch(/^Mona B-PERSON \((0\.\d|1\.0)\d\)\nLira I-PERSON \(/m);
  },
  "13-forecaster": (printed) => {
    expect(numberAfter("mean error", printed)).toBeLessThan(0.9);
    expect(
      numberAfter("yesterday's temperature", printed.split("\n").find((line) => line.startsWith("yesterday's")) ?? ""),
    ).toBeGreaterThan(1.4);
    expect(numberAfter("within its bounds:", printed)).toBeGreaterThan(65);
    expect(printed).toMatch(/^hour 100: .* is unexpected/m);
    expect(printed).toMatch(/^hour 180: .* is unexpected/m);
    expect(printed.match(/is unexpected/g)?.length).toBeLessThan(7);
  },
  "14-translator": (printed) => {
    expect(numberAfter("right by the nearest example:", printed)).toBeLessThan(10);
    expect(numberAfter("right by the translator:", printed)).toBeGreaterThan(90);
    expect(printed).toContain("258 → zwei hundert acht und fünfzig, or else ");
    // the ones, which stand last, are read before the tens
    expect(printed).toMatch(/^acht +0\.\d\d 0\.\d\d (0\.[89]|1)/m);
    expect(printed).toMatch(/^fünfzig +0\.\d\d (0\.[89]|1)/m);
  },
  "15-captioner": (printed) => {
    expect(numberAfter("right by the most frequent text:", printed)).toBeLessThan(10);
    expect(numberAfter("right by the captioner:", printed)).toBeGreaterThan(90);
    const words = Array.from(printed.matchAll(/^(low|middle|high) .*$/gm), ([line, word]) => {
      const shares = line.split(/ +/).slice(1).map(Number);
      return { word, strongest: shares.indexOf(Math.max(...shares)) };
    });
    expect(words.map(({ word }) => word)).toEqual(["high", "low", "middle", "low"]);
    // from left to right, 1.5 regions to a bar
    expect(words.map(({ strongest }) => strongest)).toEqual(words.map(({ strongest }) => strongest).toSorted((a, b) => a - b));
    expect(numberAfter("drawn over the picture:", printed)).toBeGreaterThan(1000);
  },
};

describe("the examples", () => {
  it("all have a target, and a line in the README", () => {
    const listed = readFileSync(new URL("README.md", folder), "utf8").matchAll(/\]\((\d\d-.*)\.ts\)/g);
    expect(names).toEqual(Object.keys(targets));
    expect(Array.from(listed, ([, name]) => name)).toEqual(names);
  });

  it.each(names)("%s has 40 lines at most", (name) => {
    expect(
      readFileSync(new URL(`${name}.ts`, folder), "utf8")
        .trimEnd()
        .split("\n").length,
    ).toBeLessThanOrEqual(40);
  });

  it.each(names)("%s runs and reaches its target", async (name) => {
    targets[name]?.(await run(name));
  });
});
