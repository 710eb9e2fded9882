import { describe, expect, it } from "vitest";
import { type JsonObject, readJsonObject } from "./object.js";

const config = {
  task: "language-model",
  cell: "lstm",
  units: 256,
  dropout: 0.25,
  stateful: true,
  characters: ["a", "é"],
  training: { epochs: 3, schedule: { warmup: 10 } },
  layers: [{ units: 1 }, { units: 2, extra: null }],
};

describe("readJsonObject", () => {
  it("gives each field as its type", () => {
    const object = open(config);
    expect(object.string("task")).toBe("language-model");
    expect(object.oneOf("cell", ["rnn", "lstm", "gru"])).toBe("lstm");
    expect(object.integer("units", { min: 1, max: 65536 })).toBe(256);
    expect(object.number("dropout", { min: 0, max: 1 })).toBe(0.25);
    expect(object.boolean("stateful")).toBe(true);
    expect(object.array("characters", "string")).toEqual(["a", "é"]);
    expect(object.object("training").object("schedule").integer("warmup")).toBe(10);
    expect(object.array("layers", "object").map((layer) => layer.integer("units"))).toEqual([1, 2]);
    expect(object.has("units")).toBe(true);
    expect(object.has("toString")).toBe(false);
    const [, second] = object.array("layers", "object");
    expect([second?.given("units"), second?.given("extra"), second?.given("none")]).toEqual([true, false, false]);
    expect(object.array("characters", "value")).toEqual(["a", "é"]);
  });

  it.each<[what: string, read: (object: JsonObject) => unknown, message: string]>([
    ["a missing field", (c) => c.integer("epochs", { min: 1 }), "`epochs` is missing; it must be an integer of at least 1."],
    ["a missing choice", (c) => c.oneOf("mode", ["a", "b"]), '`mode` is missing; it must be one of "a", "b".'],
    [
      "a missing array",
      (c) => c.array("ids", "integer", { minLength: 1 }),
      "`ids` is missing; it must be an array of at least 1.",
    ],
    ["a missing name of every object", (c) => c.string("constructor"), "`constructor` is missing; it must be a string."],
    ["text for a number", (c) => c.integer("task"), '`task` must be an integer, received "language-model".'],
    ["a fraction for an integer", (c) => c.integer("dropout"), "`dropout` must be an integer, received 0.25."],
    [
      "a number below its range",
      (c) => c.integer("units", { min: 300 }),
      "`units` must be an integer of at least 300, received 256.",
    ],
    [
      "a number above its range",
      (c) => c.number("units", { min: 0, max: 1 }),
      "`units` must be a number from 0 to 1, received 256.",
    ],
    [
      "a number above its only bound",
      (c) => c.number("units", { max: 1 }),
      "`units` must be a number of at most 1, received 256.",
    ],
    ["a number for text", (c) => c.string("units"), "`units` must be a string, received 256."],
    ["text for a boolean", (c) => c.boolean("cell"), '`cell` must be true or false, received "lstm".'],
    ["another choice", (c) => c.oneOf("cell", ["rnn", "gru"]), '`cell` must be one of "rnn", "gru", received "lstm".'],
    ["another only choice", (c) => c.oneOf("cell", ["rnn"]), '`cell` must be "rnn", received "lstm".'],
    ["an array for an object", (c) => c.object("layers"), "`layers` must be an object, received an array of 2."],
    [
      "an object for an array",
      (c) => c.array("training", "string"),
      '`training` must be an array, received an object with "epochs", "schedule".',
    ],
    ["an item of another type", (c) => c.array("characters", "integer"), '`characters[0]` must be an integer, received "a".'],
    [
      "too few items",
      (c) => c.array("characters", "string", { minLength: 3 }),
      "`characters` must be an array of at least 3, received an array of 2.",
    ],
    [
      "too many items",
      (c) => c.array("characters", "string", { maxLength: 1 }),
      "`characters` must be an array of at most 1, received an array of 2.",
    ],
    [
      "another number of items",
      (c) => c.array("characters", "string", { minLength: 3, maxLength: 3 }),
      "`characters` must be an array of 3, received an array of 2.",
    ],
    [
      "a field of an object inside",
      (c) => c.object("training").string("epochs"),
      "`training.epochs` must be a string, received 3.",
    ],
    [
      "a field of an item",
      (c) => c.array("layers", "object")[1]?.integer("extra"),
      "`layers[1].extra` must be an integer, received null.",
    ],
  ])("refuses %s, naming file and field", (_what, read, message) => {
    expect(() => read(open(config))).toThrow(
      expect.objectContaining({ code: "UNROLLED_FILE", message: `models/whale/config.json: ${message}` }),
    );
  });

  it("refuses integers that float64 does not hold", () => {
    expect(() => readJsonObject(encode('{"seed":9007199254740993}'), "config.json").integer("seed")).toThrow(
      "config.json: `seed` must be an integer, received 9007199254740992.",
    );
  });

  it("shortens long values in its errors", () => {
    expect(() => open({ cell: "x".repeat(1e6) }).integer("cell")).toThrow(`received "${"x".repeat(59)}….`);
  });

  it("refuses a file that is no object", () => {
    expect(() => open([])).toThrow("models/whale/config.json: must be a JSON object, received an empty array.");
    expect(() => open(null)).toThrow("models/whale/config.json: must be a JSON object, received null.");
  });

  it("refuses, at the end, the fields that nobody asked for, also inside", () => {
    const object = open({ units: 1, untis: 2, layer: 3 });
    object.integer("units");
    expect(() => object.finish()).toThrow(
      "models/whale/config.json: `untis`, `layer` are not known fields; remove them, or use the version that wrote the file.",
    );
    const nested = open({ training: { epochs: 1, foo: 2 } });
    nested.object("training").integer("epochs");
    expect(() => nested.finish()).toThrow("`training.foo` is not a known field; remove it");
  });

  it("has nothing to refuse when every field was asked for, be it by has", () => {
    const object = open({ units: 1, note: null });
    object.integer("units");
    object.has("note");
    expect(() => object.finish()).not.toThrow();
  });
});

function open(value: unknown): JsonObject {
  return readJsonObject(encode(JSON.stringify(value)), "models/whale/config.json");
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
