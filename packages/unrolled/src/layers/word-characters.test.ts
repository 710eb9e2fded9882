import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { valueAndGradients } from "../autograd/gradients.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import { withEngine } from "../engine/current.js";
import { engines } from "../engine/testing/engines.js";
import { threadedEngine } from "../engine/testing/threaded-engine.js";
import { tensor } from "../tensor/create.js";
import { lstm } from "./cells.js";
import { crf } from "./crf.js";
import { dense } from "./dense.js";
import { embedding } from "./embedding.js";
import { residual } from "./residual.js";
import { sequential } from "./sequential.js";
import { randomTensor } from "./testing/random-tensor.js";
import { type WordCharactersOptions, wordCharacters } from "./word-characters.js";

const options = { words: 6, wordUnits: 3, characters: 5, characterUnits: 2, characterEmbeddingUnits: 4, seed: 3 };

/** Two sentences; "1 2 3" stands in both, once as an unknown word; past the second's end stands nothing that could be read. */
const x = [
  [
    [1, 1, 2, 3, 0],
    [2, 5, 0, 0, 0],
    [5, 4, 4, 4, 4],
  ],
  [
    [0, 1, 2, 3, 0],
    [3, 2, 1, 0, 0],
    [99, -1, 0.5, 0, 7],
  ],
];
const lengths = [3, 2];

/** A layer whose weights are far from 0. */
function layerOf(more: Partial<WordCharactersOptions> = {}) {
  const layer = wordCharacters({ ...options, ...more });
  const weights = Array.from(layer.stateDict(), ([name, { shape }], index) => [name, randomTensor(shape, index + 1)] as const);
  layer.loadStateDict(new Map(weights));
  return layer;
}

describe.each(engines)("wordCharacters on the $name engine", ({ create }) => {
  const on = <R>(work: () => R): R => withEngine(create(), work);

  it("gives each word's vector beside the last states of a recurrent layer over its own characters alone", () => {
    const [rows, expected] = on(() => {
      const layer = layerOf();
      const state = layer.stateDict();
      const words = state.get("words.weight")?.toArray() as number[][];
      const characters = state.get("characters.weight")?.toArray() as number[][];
      const spelling = lstm({ inputSize: 4, units: 2, bidirectional: "concat" });
      const own = Array.from(state).filter(([name]) => name.startsWith("spelling."));
      spelling.loadStateDict(new Map(own.map(([name, weight]) => [name.slice("spelling.".length), weight])));
      const vectorOf = ([word = 0, ...letters]: number[]) => {
        const read = letters.filter((letter) => letter > 0).map((letter) => characters[letter] as number[]);
        return [...(words[word] as number[]), ...((spelling.apply([read]).output.toArray() as number[][])[0] ?? [])];
      };
      const nothing = Array(7).fill(0);
      return [
        layer.apply(x, { lengths }).toArray(),
        x.map((words, s) => words.map((word, t) => (t < (lengths[s] ?? 0) ? vectorOf(word) : nothing))),
      ];
    });
    expect(rows).toEqual(expected);
  });

  it("gives each sequence the bits that it gets alone", () => {
    const layer = on(() => layerOf());
    const together = layer.apply(x, { lengths }).toArray() as number[][][];
    expect(layer.apply([x[0] ?? []]).toArray()).toEqual([together[0]]);
    expect(layer.apply([x[1]?.slice(0, 2) ?? []]).toArray()).toEqual([together[1]?.slice(0, 2)]);
  });
});

describe("wordCharacters", () => {
  it("has the right gradients for every weight, with lengths", () => {
    for (const cell of ["lstm", "gru", "rnn"] as const) {
      const layer = layerOf({ cell });
      const check = checkGradients(layer.parameters, () => sum(square(layer.apply(x, { lengths }))));
      expect(check.largestError, cell).toBeLessThan(1e-7);
    }
  });

  it("gives the same bits on one thread and on three, with a conditional random field behind it", async () => {
    const words = Array.from({ length: 24 }, (_, s) =>
      Array.from({ length: 5 }, (_, t) => [(s * t) % 6, 1 + ((s + t) % 5), 1 + (t % 5), (s * t + 1) % 6]),
    );
    const bitsOf = async (threads: number) => {
      const engine = await threadedEngine("baseline", threads);
      return withEngine(engine, () => {
        const field = crf();
        const recurrent = lstm({ units: 8, bidirectional: "concat", returnSequences: true });
        const network = sequential([wordCharacters({ ...options, characterUnits: 8 }), recurrent, dense({ units: 3 }), field], {
          seed: 1,
        });
        const { value, gradients } = valueAndGradients(network.parameters, () =>
          field.negativeLogLikelihood(
            network.apply(words),
            words.map((own) => own.map(([word = 0]) => word % 3)),
          ),
        );
        return [value, ...gradients.map(({ data }) => data.join())];
      });
    };
    expect(await bitsOf(3)).toEqual(await bitsOf(1));
  });

  it("begins a network, trains with it, and has its weights in its state dict by name", () => {
    const network = sequential([wordCharacters(options), lstm({ units: 4, returnSequences: true }), dense({ units: 2 })], {
      seed: 1,
    });
    expect(network.apply(x, { lengths }).shape).toEqual([2, 3, 2]);
    expect(network.recurrentLayers.length).toBe(1);
    expect(network.summary()).toContain("[batch, time, 7]");
    const names = [...network.stateDict().keys()];
    expect(names.slice(0, 4)).toEqual([
      "0.words.weight",
      "0.characters.weight",
      "0.spelling.weight_ih_l0",
      "0.spelling.weight_hh_l0",
    ]);
    const again = sequential([
      wordCharacters({ ...options, seed: 9 }),
      lstm({ units: 4, returnSequences: true }),
      dense({ units: 2 }),
    ]);
    again.loadStateDict(network.stateDict());
    expect(again.apply(x, { lengths })).toEqual(network.apply(x, { lengths }));
  });

  it("reads words as unknown in training at the stated rate, whatever the lengths of others, and never otherwise", () => {
    const layer = layerOf({ wordDropout: 0.5 });
    const unknown = layer.stateDict().get("words.weight")?.toArray() as number[][];
    const known = Array.from({ length: 300 }, () => [[1, 1]]);
    const wordsOf = (output: ReturnType<typeof layer.apply>) =>
      (output.toArray() as number[][][]).map(([word]) => word?.slice(0, 3));
    expect(wordsOf(layer.apply(known)).every((word) => `${word}` === `${unknown[1]}`)).toBe(true);
    const trained: (number[] | undefined)[][] = [];
    valueAndGradients(layer.parameters, () => {
      const output = layer.apply(known);
      trained.push(wordsOf(output));
      return sum(output);
    });
    const forgotten = trained[0]?.filter((word) => `${word}` === `${unknown[0]}`).length ?? 0;
    expect(trained[0]?.every((word) => `${word}` === `${unknown[0]}` || `${word}` === `${unknown[1]}`)).toBe(true);
    expect(forgotten).toBeGreaterThan(110);
    expect(forgotten).toBeLessThan(190);
  });

  it("drops whole words' vectors in training", () => {
    const layer = layerOf({ dropout: 0.4 });
    const kept = layer.stateDict().get("words.weight")?.toArray() as number[][];
    valueAndGradients(layer.parameters, () => {
      const output = layer.apply([[0, 1, 2, 3, 4, 5].map((word) => [word, 1])]);
      for (const [word, vector] of ((output.toArray() as number[][][])[0] ?? []).entries()) {
        const whole = (kept[word] ?? []).map((value) => expect.closeTo(value / 0.6, 5));
        expect([[0, 0, 0], whole]).toContainEqual(vector.slice(0, 3));
      }
      return sum(output);
    });
    expect(layer.randomStreams.length).toBe(1);
  });

  const message = (text: string) => expect.objectContaining({ message: `wordCharacters: ${text}` });
  it.each([
    ["[1, 2]", [[1, 2]], "`x` must be [batch, time, 1 + characters of the longest word], received [1, 2]."],
    [
      "a word that there isn't",
      [[[6, 1]]],
      "x, sequence 0, word 0: indices must be whole numbers from 0 to 5, received 6 at position 0.",
    ],
    [
      "a character that there isn't",
      [
        [
          [1, 1],
          [1, 6],
        ],
      ],
      "x, sequence 0, word 1: characters: indices must be whole numbers from 0 to 5, received 6 at position 0.",
    ],
    [
      "a word without characters",
      [[[1, 0]]],
      "x, sequence 0, word 0: a word must have one character at least, each from 1 to 5, and then nothing but zeros.",
    ],
    [
      "a hole",
      [[[1, 1, 0, 2]]],
      "x, sequence 0, word 0: a word must have one character at least, each from 1 to 5, and then nothing but zeros.",
    ],
  ])("refuses %s", (_what, wrong, text) => {
    expect(() => wordCharacters(options).apply(wrong)).toThrow(message(text));
  });

  it("refuses unknown options, a stream, and a place behind other layers", () => {
    expect(() => wordCharacters({ ...options, units: 3 } as WordCharactersOptions)).toThrow("there is no option `units`");
    expect(() => wordCharacters({ ...options, wordDropout: 1 })).toThrow("`wordDropout` must be from 0 to below 1, received 1.");
    const network = sequential([wordCharacters(options), dense({ units: 2 })]);
    expect(() => network.stream()).toThrow("stream: the wordCharacters in the network needs whole sequences");
    expect(() => sequential([embedding({ vocabularySize: 3, units: 2 }), wordCharacters(options)])).toThrow(
      "sequential: wordCharacters after embedding: wordCharacters reads indices and can only stand first.",
    );
    expect(() => sequential([residual(wordCharacters(options))])).toThrow("residual: wordCharacters reads indices");
    expect(() => wordCharacters(options).apply(tensor([[[1, 1]]]), { lengths: [2] })).toThrow("`lengths`");
  });
});
