import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { convertTags, type Entity, entitiesOf, tagsOf } from "./entities.js";
import { entityScores } from "./entity-scores.js";
import { schemeOf, TAG_SCHEMES } from "./scheme.js";

const split = (tags: string) => tags.split(" ");
const written = (entities: readonly Entity[]) => entities.map(({ type, start, end }) => `${type} ${start}–${end}`);

describe("entitiesOf", () => {
  it.each([
    [
      "IOB1: I at the beginning, B between neighbours of one type",
      "I-PER I-PER B-PER O I-LOC I-ORG",
      ["PER 0–2", "PER 2–3", "LOC 4–5", "ORG 5–6"],
    ],
    ["IOB2", "B-PER I-PER B-PER O B-LOC B-ORG", ["PER 0–2", "PER 2–3", "LOC 4–5", "ORG 5–6"]],
    ["BIOES", "B-PER E-PER S-PER O S-LOC S-ORG", ["PER 0–2", "PER 2–3", "LOC 4–5", "ORG 5–6"]],
    ["an entity at the very end", "O B-PER I-PER", ["PER 1–3"]],
    ["another type inside begins anew", "B-PER I-LOC I-LOC", ["PER 0–1", "LOC 1–3"]],
    ["E ends, and an E or I behind it begins", "B-PER E-PER E-PER I-PER E-PER", ["PER 0–2", "PER 2–3", "PER 3–5"]],
    ["an E alone", "O E-PER O", ["PER 1–2"]],
    ["a B without an end", "B-PER O S-PER I-PER", ["PER 0–1", "PER 2–3", "PER 3–4"]],
    ["tags without types", "B I O I", [" 0–2", " 3–4"]],
    ["a type with a hyphen", "B-MISC-X I-MISC-X", ["MISC-X 0–2"]],
    ["nothing", "O O", []],
  ])("%s", (_name, tags, expected) => {
    expect(written(entitiesOf(split(tags)))).toEqual(expected);
  });

  it("refuses a tag of no scheme", () => {
    expect(() => entitiesOf(["O", "NOUN"])).toThrow(
      'entitiesOf: tags must be O, or B, I, E or S with a type behind it such as B-PER, received "NOUN".',
    );
  });
});

describe("convertTags", () => {
  it.each([
    ["IOB1", "I-PER I-PER B-PER O I-LOC I-ORG"],
    ["IOB2", "B-PER I-PER B-PER O B-LOC B-ORG"],
    ["BIOES", "B-PER E-PER S-PER O S-LOC S-ORG"],
  ] as const)("gives %s from each of the schemes", (scheme, expected) => {
    for (const tags of [
      "I-PER I-PER B-PER O I-LOC I-ORG",
      "B-PER I-PER B-PER O B-LOC B-ORG",
      "B-PER E-PER S-PER O S-LOC S-ORG",
    ]) {
      expect(convertTags(split(tags), scheme)).toEqual(split(expected));
    }
  });

  const layouts = fc.array(
    fc.record({ gap: fc.nat(2), length: fc.integer({ min: 1, max: 3 }), type: fc.constantFrom("A", "B-C") }),
  );

  it("loses no entity, whatever lies beside whatever", () => {
    fc.assert(
      fc.property(layouts, fc.constantFrom(...TAG_SCHEMES), fc.nat(2), (layout, scheme, rest) => {
        let place = 0;
        const entities = layout.map(({ gap, length, type }) => {
          const start = place + gap;
          place = start + length;
          return { type, start, end: place };
        });
        expect(entitiesOf(tagsOf(entities, place + rest, scheme))).toEqual(entities);
      }),
    );
  });

  it("refuses entities that overlap or leave the sequence, and an unknown scheme", () => {
    const entity = (start: number, end: number) => ({ type: "A", start, end });
    for (const wrong of [[entity(0, 2), entity(1, 3)], [entity(2, 4)], [entity(1, 1)], [entity(-1, 1)]]) {
      expect(() => tagsOf(wrong, 3, "IOB2")).toThrow("tagsOf: entities must lie one behind another within 3 tokens");
    }
    expect(() => tagsOf([], 3, "IOB3" as "IOB2")).toThrow('`scheme` must be one of IOB1, IOB2, BIOES, received "IOB3".');
  });
});

describe("schemeOf", () => {
  it.each([
    ["IOB1", ["O I-PER I-PER B-PER"]],
    ["IOB1", ["B-PER I-LOC"]],
    ["IOB2", ["B-PER I-PER O", "O"]],
    ["BIOES", ["S-PER O", "B-LOC I-LOC E-LOC"]],
    [undefined, ["NOUN VERB", "B-PER"]],
    [undefined, ["O O"]],
    [undefined, ["B I O S"]],
  ])("%s for %j", (scheme, sequences) => {
    expect(schemeOf(sequences.map(split))).toBe(scheme);
  });
});

describe("entityScores", () => {
  it("counts as conlleval: an entity is right as a whole or not at all", () => {
    // the gold entities are 3 PER and 2 LOC; predicted are 2 PER (1 right), 2 LOC (1 right) and 1 ORG
    const gold = ["B-PER I-PER O B-LOC", "B-PER B-PER O B-LOC I-LOC"].map(split);
    const predicted = ["B-PER O O B-LOC", "B-PER B-ORG O B-LOC O"].map(split);
    const { types, ...all } = entityScores(gold, predicted);
    expect(all).toEqual({ precision: 2 / 5, recall: 2 / 5, f1: 2 / 5, support: 5 });
    expect(types).toEqual({
      LOC: { precision: 1 / 2, recall: 1 / 2, f1: 1 / 2, support: 2 },
      ORG: { precision: 0, recall: 0, f1: 0, support: 0 },
      PER: { precision: 1 / 2, recall: 1 / 3, f1: expect.closeTo(0.4, 12), support: 3 },
    });
  });

  it("is the same in every scheme", () => {
    const gold = ["I-PER I-PER B-PER O I-LOC I-ORG", "O O I-LOC"].map(split);
    const predicted = ["I-PER I-PER I-PER O I-LOC O", "O I-LOC I-LOC"].map(split);
    const [first, ...others] = TAG_SCHEMES.map((scheme) =>
      entityScores(
        gold.map((tags) => convertTags(tags, scheme)),
        predicted.map((tags) => convertTags(tags, scheme)),
      ),
    );
    expect(first).toMatchObject({ precision: 1 / 3, recall: 1 / 5, f1: 0.25 });
    for (const other of others) expect(other).toEqual(first);
  });

  it("is 0 where nothing is predicted or there is nothing, and refuses what doesn't go together", () => {
    expect(entityScores([["B-A"]], [["O"]])).toMatchObject({ precision: 0, recall: 0, f1: 0, support: 1 });
    expect(entityScores([["O"]], [["B-A"]])).toMatchObject({ precision: 0, recall: 0, f1: 0, support: 0 });
    expect(() => entityScores([["O"]], [])).toThrow("expected predictions for 1 sequences, received 0.");
    expect(() => entityScores([["O"]], [["O", "O"]])).toThrow("sequence 0 has 1 tags, but 2 predicted ones.");
  });
});
