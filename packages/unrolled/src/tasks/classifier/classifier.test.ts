import { beforeAll, describe, expect, it } from "vitest";
import { RandomStream } from "../../tensor/random.js";
import type { TaskProgress } from "../progress.js";
import { Classifier } from "./classifier.js";
import type { ClassifierExample, ClassifierInput } from "./examples.js";
import { naiveBayesBaseline } from "./naive-bayes.js";
import type { ClassifierOptions } from "./options.js";
import { filmTalk } from "./testing/film-talk.js";
import { households, trainFilmTalk, walks } from "./testing/trained-classifier.js";

const unseen = filmTalk(200, 2);
let films: Classifier;
beforeAll(async () => {
  films = await trainFilmTalk();
});

async function* lazily<E>(items: readonly E[]): AsyncGenerator<E> {
  yield* items;
  await Promise.resolve();
}

describe("a classifier of texts", () => {
  it("learns what the words before a word do to it, which naive Bayes can't", async () => {
    const { accuracy, f1, baseline } = await films.evaluate(unseen);
    expect(naiveBayesBaseline(filmTalk(300, 1), unseen).accuracy).toBeLessThan(0.6);
    expect(baseline.accuracy).toBeLessThan(0.6);
    expect(accuracy).toBeGreaterThan(0.97);
    expect(f1).toBeGreaterThan(0.97);
  });

  it.each<[string, ClassifierOptions, number]>([
    ["a gru and attention", { cell: "gru", pooling: "attention" }, 0.95],
    ["an rnn, one direction and mean pooling", { cell: "rnn", bidirectional: false, pooling: "mean", epochs: 40 }, 0.9],
    [
      "two layers, the last state and every dropout",
      {
        layers: 2,
        pooling: "last",
        dropout: 0.1,
        embeddingDropout: 0.05,
        inputDropout: 0.1,
        recurrentDropout: 0.1,
        outputDropout: 0.1,
        epochs: 25,
      },
      0.9,
    ],
    ["label smoothing and class weights", { labelSmoothing: 0.1, classWeights: "balanced" }, 0.95],
  ])("learns it with %s, too", async (_, options, least) => {
    const model = await trainFilmTalk(options);
    expect((await model.evaluate(unseen)).accuracy).toBeGreaterThan(least);
  });

  it("learns words by their characters", async () => {
    const random = new RandomStream(1, "sampling");
    const words = Array.from({ length: 300 }, () =>
      Array.from({ length: 3 + random.integer(4) }, () => "abcde"[random.integer(5)]).join(""),
    );
    const examples = words.map((input) => ({ input, label: /[ae]$/.test(input) ? "soft" : "hard" }));
    const model = await trainFilmTalk({ tokens: "char" }, examples.slice(0, 200));
    expect((await model.evaluate(examples.slice(200))).accuracy).toBeGreaterThan(0.95);
    expect((await model.explain("badca")).parts.map(({ part }) => part)).toEqual([..."badca"]);
  });

  it("knows by its characters a word that was not in training, where it reads both", async () => {
    const random = new RandomStream(1, "sampling");
    const stem = () => Array.from({ length: 4 }, () => "abcde"[random.integer(5)]).join("");
    const examples = Array.from({ length: 300 }, () => {
      const label = random.integer(2) === 1 ? "past" : "present";
      return { input: `they ${stem()}${label === "past" ? "ed" : "es"} it`, label };
    });
    const test = examples.slice(200);
    const both = await trainFilmTalk({ tokens: "both", characterUnits: 8 }, examples.slice(0, 200));
    expect((await both.evaluate(test)).accuracy).toBeGreaterThan(0.95);
    const words = await trainFilmTalk({}, examples.slice(0, 200));
    expect((await words.evaluate(test)).accuracy).toBeLessThan(0.85);
    expect((await both.explain("they abcdes it")).parts[1]?.weight).toBeGreaterThan(1);
  });

  it("gives the label with probabilities that sum to 1, the same alone and among others", async () => {
    const inputs = ["a dull film", "the story not dull", ""];
    const many = await films.predict(inputs);
    expect(many.map(({ label }) => label).slice(0, 2)).toEqual(["blame", "praise"]);
    for (const [place, { label, labels, probability, probabilities }] of many.entries()) {
      expect(labels).toEqual([label]);
      expect(probabilities[label]).toBe(probability);
      expect(Object.values(probabilities).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      expect(await films.predict(inputs[place] as string)).toEqual(many[place]);
    }
    expect(await films.predict([])).toEqual([]);
  });

  it("explains a decision by the words that moved it", async () => {
    const { label, parts } = await films.explain("the plot not great a film");
    expect(label).toBe("blame");
    expect(parts.map(({ part }) => part)).toEqual(["the", "plot", "not", "great", "a", "film"]);
    const weights = parts.map(({ weight }) => weight);
    expect(Math.max(...weights)).toBe(weights[2]);
    expect(weights[2]).toBeGreaterThan(2);
    expect((await films.explain("the plot not great", { label: "praise" })).parts[2]?.weight).toBeLessThan(-2);
    await expect(films.explain("x", { label: "so so" })).rejects.toMatchObject({ code: "UNROLLED_VALUE" });
  });

  it("gives the same bits for the same seed, and others for another", async () => {
    const bits = async (seed: number) => (await (await trainFilmTalk({ seed, epochs: 2 })).predict("a dull film")).probability;
    expect(await bits(7)).toBe(await bits(7));
    expect(await bits(8)).not.toBe(await bits(7));
  });

  it("tells of every step, with accuracy on both kinds of data", async () => {
    const told: TaskProgress[] = [];
    const model = await trainFilmTalk({ epochs: 2, onProgress: (progress) => told.push(progress) });
    expect(told).toHaveLength(model.history.steps);
    expect(told[0]).toMatchObject({ epoch: 1, epochs: 2, step: 1, steps: 34, validationLoss: undefined, skippedSteps: 0 });
    expect(told.at(-1)?.metrics.accuracy).toBeGreaterThan(0.5);
    expect(told.at(-1)?.validationMetrics?.accuracy).toBeGreaterThan(0);
    expect(model.trainedWith).toMatchObject({ trainExamples: 270, validationExamples: 30 });
  });

  it("ends where validation gets no better, with the best weights", async () => {
    const model = await trainFilmTalk({ epochs: 200, patience: 2 });
    const { best, epochs, stoppedEarly } = model.history;
    expect(stoppedEarly).toBe(true);
    expect(epochs.length).toBeLessThan(100);
    expect(best?.epoch).toBe(epochs.length - 2);
  });
});

describe("a classifier of sequences of numbers", () => {
  it("learns from unequal lengths and variables of very different size", async () => {
    const model = await Classifier.train(walks(200, 1), { units: 12, epochs: 20, learningRate: 0.01, seed: 7 });
    expect((await model.evaluate(walks(100, 2))).accuracy).toBeGreaterThan(0.95);
    expect(model.labels).toEqual(["down", "flat", "up"]);
    const [first, second] = walks(2, 3).map(({ input }) => input);
    const many = await model.predict([first, second] as number[][][]);
    expect(await model.predict(first as number[][])).toEqual(many[0]);
    expect((await model.explain(first as number[][])).parts.map(({ part }) => Number(part))).toEqual(
      first?.map((_, step) => step),
    );
  });

  it("learns from sequences of one number a step, where one input is an array of numbers", async () => {
    const single = walks(200, 1).map(({ input, label }) => ({ input: input.map(([value]) => value as number), label }));
    const model = await Classifier.train(single, {
      units: 12,
      epochs: 20,
      learningRate: 0.01,
      seed: 7,
      validation: single.slice(0, 20),
    });
    expect((await model.predict([1000, 1001, 1002, 1003])).label).toBe("up");
    expect(
      (
        await model.predict([
          [1000, 999, 998, 997],
          [1000, 1001, 1002, 1003],
        ] as ClassifierInput[])
      ).map(({ label }) => label),
    ).toEqual(["down", "up"]);
  });
});

describe("a classifier of rows", () => {
  it("learns from numbers, categories and embedded categories, and says what it makes of missing ones", async () => {
    const notices: string[] = [];
    const train = households(600, 1);
    const model = await Classifier.train(train, {
      epochs: 40,
      learningRate: 0.005,
      seed: 7,
      onNotice: (text) => notices.push(text),
    });
    const { accuracy, baseline } = await model.evaluate(households(300, 2));
    expect(baseline.accuracy).toBeLessThan(0.6);
    expect(accuracy).toBeGreaterThan(0.88); // 5 % missing of each column leave little more
    expect(notices.map((text) => text.replace(/\d+ of \d+/, "some"))).toEqual([
      'Column "income": some values are missing; they are read as the column\'s mean, and marked as missing.',
      'Column "home": some values are missing; they are read as a category of their own.',
      'Column "city": some values are missing; they are read as a category of their own.',
    ]);
    const row = { income: 90_000, home: "own", city: "city 3" };
    expect((await model.predict(row)).label).toBe("yes");
    expect((await model.predict([row, { ...row, home: "tent" }]))[0]).toEqual(await model.predict(row));
    expect((await model.explain(row)).parts.map(({ part }) => part)).toEqual(["income", "home", "city"]);
  });

  it.each([
    ["each", [2, 20], [1, 10]],
    ["together", [11, 11], [Math.sqrt(131.5), Math.sqrt(131.5)]],
    ["none", [0, 0], [1, 1]],
  ] as const)("scales numbers %s, by the training examples alone", async (scaling, means, deviations) => {
    const train = [
      { input: [[1, 10]], label: "a" },
      { input: [[3, 30]], label: "b" },
    ];
    const validation = [{ input: [[1e6, 1e6]], label: "a" }];
    const model = await Classifier.train(train, { scaling, validation, epochs: 1, units: 2, seed: 1 });
    const files = new Map<string, Uint8Array>();
    await model.save(files);
    const { input } = JSON.parse(new TextDecoder().decode(files.get("config.json"))) as { input: Record<string, number[]> };
    for (const [place, mean] of means.entries()) expect(input.means?.[place]).toBeCloseTo(mean, 10);
    for (const [place, deviation] of deviations.entries()) expect(input.deviations?.[place]).toBeCloseTo(deviation, 10);
  });

  it("reads arrays of numbers as rows where it is told to, one-to-one", async () => {
    const random = new RandomStream(1, "sampling");
    const examples = Array.from({ length: 300 }, (): ClassifierExample => {
      const [a, b] = [random.normal(), random.normal()];
      return { input: [a, b, 5], label: a * b > 0 ? "same sign" : "other sign" };
    });
    const model = await Classifier.train(examples, { input: "row", epochs: 60, learningRate: 0.01, seed: 7 });
    expect(model.input).toBe("row");
    expect((await model.predict([1, 1, 5])).label).toBe("same sign");
    expect(
      (
        await model.predict([
          [1, -1, 5],
          [-1, -1, 5],
        ] as ClassifierInput[])
      ).map(({ label }) => label),
    ).toEqual(["other sign", "same sign"]);
  });
});

describe("several labels at once", () => {
  const shades = (count: number, seed: number) => {
    const random = new RandomStream(seed, "sampling");
    return Array.from({ length: count }, () => {
      const words = ["red", "blue", "and", "or", "big"].filter(() => random.integer(2) === 1);
      return { input: words.join(" "), label: words.filter((word) => word === "red" || word === "blue") };
    });
  };

  it("are questions each by itself, none and all being answers too", async () => {
    const model = await Classifier.train(shades(200, 1), { units: 8, epochs: 40, patience: 40, learningRate: 0.02, seed: 7 });
    const { accuracy, f1, confusion, baseline } = await model.evaluate(shades(100, 2));
    expect(accuracy).toBeGreaterThan(0.97);
    expect(f1).toBeGreaterThan(0.97);
    expect(confusion).toBeUndefined();
    expect(baseline.accuracy).toBeLessThan(0.65);
    const predicted = await model.predict(["red big", "red and blue", "or"]);
    expect(predicted.map(({ labels }) => labels)).toEqual([["red"], ["blue", "red"], []]);
    const weighted = Classifier.train(shades(50, 1), { classWeights: { red: 2 } });
    await expect(weighted).rejects.toMatchObject({ code: "UNROLLED_VALUE" });
  });
});

describe("data read lazily", () => {
  it("trains and evaluates as an array does, in memory of its buffer, with the same held-out part each time", async () => {
    const train = filmTalk(300, 1);
    let passes = 0;
    const data = () => {
      passes++;
      return lazily(train);
    };
    const model = await trainFilmTalk({ shuffleBuffer: 100 }, data);
    expect((await model.evaluate(() => lazily(unseen))).accuracy).toBeGreaterThan(0.95);
    // the survey reads both parts, and so does each epoch
    expect(passes).toBe(2 + 2 * model.history.epochs.length);
  });
});

describe("bad data and options are refused, naming the example and what was expected:", () => {
  const good = filmTalk(20, 1);
  const rows = households(20, 1);
  it.each<[string, unknown, ClassifierOptions, string, string]>([
    ["no array", "text", {}, "UNROLLED_DATA", "expected an array of examples"],
    ["nothing", [], {}, "UNROLLED_DATA", "at least 2 examples"],
    ["no example", [...good, null, null, null], {}, "UNROLLED_DATA", "it must be { input, label }, received null"],
    [
      "one class",
      [
        { input: "a", label: "x" },
        { input: "b", label: "x" },
      ],
      {},
      "UNROLLED_DATA",
      'at least 2 classes are needed, received "x" alone',
    ],
    [
      "an empty label",
      [...good, { input: "a", label: "" }],
      {},
      "UNROLLED_DATA",
      '`label` must be a text, or an array of texts, received ""',
    ],
    [
      "a number among texts",
      [...good, { input: 3, label: "praise" }],
      { validation: good },
      "UNROLLED_DATA",
      "example 20: `input` must be a text as the others are, received 3",
    ],
    [
      "a step of another size",
      [
        { input: [[1, 2], [3]], label: "a" },
        { input: [[1, 2]], label: "b" },
      ],
      { validation: good },
      "UNROLLED_DATA",
      "must be an array of arrays of 2 numbers, at least one, received an array of 1 at step 1",
    ],
    [
      "a missing number in a sequence",
      [
        { input: [1, Number.NaN], label: "a" },
        { input: [1], label: "b" },
      ],
      { validation: good },
      "UNROLLED_DATA",
      "received NaN at step 1; fill it",
    ],
    [
      "an empty sequence",
      [
        { input: [1], label: "a" },
        { input: [], label: "b" },
      ],
      { validation: good },
      "UNROLLED_DATA",
      "example 1: `input` must be an array of numbers, at least one, received an empty array",
    ],
    [
      "infinity in a row",
      [...rows, { input: { income: Infinity, home: null, city: null }, label: "yes" }],
      { validation: rows },
      "UNROLLED_DATA",
      'example 20: column "income" must be a number, a text, or null, received Infinity',
    ],
    [
      "a column of numbers and text",
      [...rows, { input: { income: "much", home: null, city: null }, label: "yes" }],
      { validation: rows },
      "UNROLLED_DATA",
      'column "income": ',
    ],
    [
      "validation with a label of its own",
      good,
      { validation: [{ input: "a", label: "so so" }] },
      "UNROLLED_DATA",
      'validation example 0: the label "so so" was not in the training data; known are blame, praise',
    ],
    ["an unknown option", good, { hidden: 3 } as ClassifierOptions, "UNROLLED_VALUE", "there is no option `hidden`"],
    [
      "an option that rows have no use for",
      rows,
      { cell: "gru" },
      "UNROLLED_VALUE",
      "`cell` is for texts and sequences, and the inputs are rows",
    ],
    [
      "characters of words alone",
      good,
      { characterUnits: 4 },
      "UNROLLED_VALUE",
      "`characterUnits` is for words with their characters",
    ],
    [
      "dropout between layers of which there is one",
      good,
      { dropout: 0.5 },
      "UNROLLED_VALUE",
      "`dropout` acts between stacked layers, received 0.5 for one layer; set layers: 2, or outputDropout: 0.5",
    ],
    ["a rate of 1", good, { dropout: 1 }, "UNROLLED_VALUE", "`dropout` must be from 0 to below 1"],
    ["a weight for no class", good, { classWeights: { nobody: 2 } }, "UNROLLED_VALUE", '`classWeights` has "nobody"'],
    [
      "a validation fraction of 0",
      good,
      { validation: 0 },
      "UNROLLED_VALUE",
      "`validation` must be examples, or a fraction between 0 and 1",
    ],
  ])("%s", async (_, data, options, code, message) => {
    const training = Classifier.train(data as ClassifierExample[], options);
    await expect(training).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it("what is asked of a model later on", async () => {
    await expect(films.evaluate([{ input: "a", label: "so so" }])).rejects.toMatchObject({ code: "UNROLLED_DATA" });
    await expect(films.evaluate([])).rejects.toMatchObject({ code: "UNROLLED_DATA" });
    await expect(films.predict([3 as never])).rejects.toMatchObject({ code: "UNROLLED_DATA" });
  });
});
