import { Classifier, type ClassifierExample } from "unrolled/tasks";
import { describe, expect, it } from "vitest";
import { divideExamples, type ExampleSource, sizesInWords } from "./divided-examples.js";
import { inMemory, readerOf } from "./in-memory.js";

/** Files are names of lists of labels. */
function source(files: Readonly<Record<string, readonly string[]>>): ExampleSource<string> & { opened: (string | undefined)[] } {
  const opened: (string | undefined)[] = [];
  return {
    opened,
    open: (paths, known) => {
      opened.push(known && [...known].sort().join(" "));
      return Promise.resolve(readerOf(paths.flatMap((path) => files[path] ?? [])));
    },
    learned: (label) => [label],
  };
}

const hundred = Array.from({ length: 100 }, (_, k) => ["x", "y"][k % 2] ?? "");

describe("divideExamples", () => {
  it("gives a tenth to validation and a tenth to the test, the same ones for the same seed", async () => {
    const names = hundred.map((label, k) => `${label}${k < 2 ? "" : k}`);
    const withNames: ExampleSource<string> = { ...source({ all: names }), learned: () => ["one"] };
    const divided = await divideExamples(withNames, ["all"], {}, 7);
    expect(sizesInWords(divided, "examples")).toBe("Training on 80 examples, validating on 10, testing on 10.");
    expect(await divideExamples(withNames, ["all"], {}, 7)).toEqual(divided);
    expect((await divideExamples(withNames, ["all"], {}, 8)).test).not.toEqual(divided.test);
  });

  it("gives all to training where both others are files, and tells these what was learned", async () => {
    const files = source({ all: hundred, valid: ["x"], test: ["y", "y"] });
    const divided = await divideExamples(files, ["all"], { validation: { file: "valid" }, test: { file: "test" } }, 7);
    expect(sizesInWords(divided, "examples")).toBe("Training on 100 examples, validating on 1, testing on 2.");
    expect(files.opened).toEqual([undefined, "x y", "x y"]);
  });

  it("reads the same parts anew where they are more than memory should hold, and a network learns from them", async () => {
    const examples = hundred.map((label) => ({ input: label === "x" ? "a b" : "b c", label }));
    const many: ExampleSource<ClassifierExample> = {
      open: () => Promise.resolve(readerOf(examples)),
      learned: ({ label }) => [String(label)],
    };
    const held = await divideExamples(many, ["all"], {}, 7);
    const read = await divideExamples(many, ["all"], {}, 7, 1000);
    expect(sizesInWords(read, "examples")).toBe(
      "The examples are more than memory holds easily, so they are read anew in each epoch.",
    );
    for (const part of ["train", "validation", "test"] as const) expect(await inMemory(readerOf(read[part]))).toEqual(held[part]);
    const { train, validation, test } = read;
    const model = await Classifier.train(train, { validation, units: 4, epochs: 20, seed: 7 });
    expect((await model.evaluate(test)).accuracy).toBe(1);
  });

  it("keeps a group on one side, and trains on the group that teaches a label, whether all is held or read anew", async () => {
    const examples = Array.from({ length: 200 }, (_, k) => ({ group: `g${k % 20}`, label: k === 27 ? "rare" : "often" }));
    const grouped: ExampleSource<{ group: string; label: string }> = {
      open: () => Promise.resolve(readerOf(examples)),
      learned: ({ label }) => [label],
      groupOf: ({ group }) => group,
    };
    for (const seed of [1, 2, 3, 4]) {
      for (const bytes of [undefined, 1000]) {
        const divided = await divideExamples(grouped, ["all"], {}, seed, bytes);
        const groups: Set<string>[] = [];
        for (const part of ["train", "validation", "test"] as const) {
          const own = new Set<string>();
          for await (const { group } of readerOf(divided[part])()) own.add(group);
          groups.push(own);
        }
        expect(groups[0]?.has("g7")).toBe(true);
        expect(groups.reduce((sum, { size }) => sum + size, 0)).toBe(20);
        expect(Math.min(...groups.map(({ size }) => size))).toBeGreaterThan(0);
      }
    }
    const few = { ...grouped, groupOf: ({ label }: { label: string }) => label };
    await expect(divideExamples(few, ["all"], {}, 1)).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message:
        "all: 200 examples leave none for validation, since those that belong together (of one group, source or picture), and those " +
        "that teach a label, are not parted; give more, or a larger --validation, or a file for it.",
    });
  });

  it("refuses shares that leave nothing to train on, and parts without an example", async () => {
    const shares = { validation: { fraction: 0.5 }, test: { fraction: 0.5 } };
    await expect(divideExamples(source({ all: hundred }), ["all"], shares, 7)).rejects.toMatchObject({ code: "UNROLLED_VALUE" });
    const few = divideExamples(source({ few: ["x", "x", "x"] }), ["few"], {}, 7);
    await expect(few).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: "few: 3 examples leave none for validation; give more, or a larger --validation, or a file for it.",
    });
  });
});

describe("inMemory", () => {
  it("holds what fits, and else leaves the reader as it is", async () => {
    const read = readerOf(hundred);
    expect(await inMemory(read)).toEqual(hundred);
    expect(await inMemory(read, 1000)).toBe(read);
  });
});
