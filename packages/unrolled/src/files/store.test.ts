import { describe, expect, it } from "vitest";
import { UnrolledError } from "../errors.js";
import { asStore, type ModelStore, memoryStore, readRequired } from "./store.js";

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("memoryStore", () => {
  it("gives back what was written, and keeps it in the given map", async () => {
    const files = new Map<string, Uint8Array>();
    const store = memoryStore(files);
    await store.write(new Map([["config.json", bytes(1, 2)]]));
    await store.write(new Map([["a.txt", bytes(3)]]));
    expect(await store.read("config.json")).toEqual(bytes(1, 2));
    expect(await store.read("missing")).toBeUndefined();
    expect(await store.list()).toEqual(["a.txt", "config.json"]);
    expect([...files.keys()]).toEqual(["config.json", "a.txt"]);
  });

  it("is not changed by arrays that its users go on to change", async () => {
    const store = memoryStore();
    const written = bytes(1);
    await store.write(new Map([["a", written]]));
    written[0] = 9;
    const read = await store.read("a");
    read?.fill(8);
    expect(await store.read("a")).toEqual(bytes(1));
  });

  it.each(["", ".", "..", ".hidden", "../up", "a/b", "a\\b", "C:", "a b", "a\0", "x".repeat(201)])(
    "refuses %j as a file's name, and then writes nothing",
    async (name) => {
      const store = memoryStore();
      const files = new Map([
        ["fine", bytes(1)],
        [name, bytes(2)],
      ]);
      const message =
        "a file's name must be up to 200 letters, digits, dots, underscores and hyphens, starting with a letter or digit, received ";
      await expect(store.write(files)).rejects.toThrow(`${message}${JSON.stringify(name)}.`);
      expect(await store.list()).toEqual([]);
    },
  );
});

describe("asStore", () => {
  it("takes a map as a store in memory, and a store as it is", async () => {
    const files = new Map([["a", bytes(1)]]);
    expect(await asStore(files).read("a")).toEqual(bytes(1));
    const store = memoryStore();
    expect(asStore(store)).toBe(store);
  });

  it("refuses a path, and says how to make a store of it", () => {
    expect(() => asStore("models/x" as unknown as ModelStore)).toThrow(
      new UnrolledError(
        "UNROLLED_VALUE",
        'a model\'s place must be a store or a map of files, received "models/x"; for a path give folder(path) of unrolled/node.',
      ),
    );
  });
});

describe("readRequired", () => {
  it("says what a store holds that lacks the file", async () => {
    const empty = memoryStore();
    await expect(readRequired(empty, "config.json")).rejects.toThrow(
      "the model in memory: no `config.json` here, so this is not a whole model; it is empty.",
    );
    const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    const full = memoryStore(new Map(names.map((name) => [name, bytes(1)])));
    await expect(readRequired(full, "config.json")).rejects.toMatchObject({
      code: "UNROLLED_FILE",
      message:
        "the model in memory: no `config.json` here, so this is not a whole model; it holds a, b, c, d, e, f, g, h and 2 more.",
    });
    expect(await readRequired(full, "a")).toEqual(bytes(1));
  });
});
