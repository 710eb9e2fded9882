import { describe, expect, it } from "vitest";
import { configure } from "../../engine/current.js";
import { RandomStream } from "../../tensor/random.js";
import { loadModel } from "../load-model.js";
import { Captioner } from "./captioner.js";
import type { CaptionerExample, CaptionerImage } from "./examples.js";
import type { CaptionerOptions } from "./options.js";

// other tests run meanwhile, and threads that wait for each other would wait for them
await configure({ threads: 1 });

/** Four signs of 6 × 4 pixels. */
const SIGNS: Readonly<Record<string, string>> = {
  bar: ".##..##..##..##..##..##.",
  dash: "........########........",
  dot: ".........##..##.........",
  frame: "#####..##..##..##..#####",
};
const NAMES = Object.keys(SIGNS);

/** Signs side by side, with a little noise. */
function strip(names: readonly string[], random: RandomStream): CaptionerImage {
  const [height, width] = [6, 4 * names.length];
  const data = Float32Array.from({ length: height * width }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    const isSet = SIGNS[names[Math.floor(x / 4)] as string]?.[4 * y + (x % 4)] === "#";
    return (isSet ? 1 : 0) + 0.1 * random.normal();
  });
  return { height, width, data };
}

const random = new RandomStream(1, "sampling", 7);
const examples = Array.from({ length: 360 }, (): CaptionerExample & { image: CaptionerImage } => {
  const names = Array.from({ length: 1 + random.integer(3) }, () => NAMES[random.integer(4)] as string);
  return { image: strip(names, random), text: names.join(" ") };
});
const [training, test] = [examples.slice(0, 300), examples.slice(300)];
const SMALL = {
  ...{ units: 24, embeddingUnits: 12, filters: [6, 8], dropout: 0, batchSize: 16, learningRate: 0.01 },
  ...{ minimumCount: 1, seed: 1 },
} satisfies CaptionerOptions;
const trained = Captioner.train(training, { ...SMALL, epochs: 14 });

function weightsOf({ network }: Captioner): string[] {
  return Array.from(network.stateDict(), ([name, { data }]) => `${name} ${data.join()}`);
}

async function* lazily<E>(all: readonly E[]): AsyncGenerator<E> {
  for (const example of all) yield await Promise.resolve(example);
}

describe("Captioner of pictures of different widths", () => {
  it("learns to read them", async () => {
    const { exactMatch, wordError, loss, perplexity, tokens } = await (await trained).evaluate(test);
    expect(exactMatch).toBeGreaterThan(0.9);
    expect(wordError).toBeLessThan(0.1);
    expect(perplexity).toBeCloseTo(Math.exp(loss), 9);
    expect(tokens).toBe(test.reduce((sum, { text }) => sum + text.split(" ").length + 1, 0));
  });

  it("writes about a picture the same alone and among wider ones, greedily and with a beam, which scores no lower", async () => {
    const captioner = await trained;
    const images = test.slice(0, 20).map(({ image }) => image);
    expect(new Set(images.map(({ width }) => width)).size).toBe(3);
    const [greedy, wide] = [await captioner.predict(images, { beam: 1 }), await captioner.predict(images, { beam: 5 })];
    for (const [place, image] of images.entries()) {
      const alone = await captioner.predict(image, { beam: 1 });
      expect(alone.text).toBe(greedy[place]?.text);
      expect(alone.logProbability).toBeCloseTo(greedy[place]?.logProbability as number, 5);
      expect((await captioner.predict(image)).text).toBe(wide[place]?.text);
      expect(wide[place]?.score).toBeGreaterThanOrEqual((greedy[place]?.score as number) - 1e-5);
    }
  });

  it("tells which regions it read for each word, from left to right", async () => {
    const image = strip(["dot", "frame", "bar"], new RandomStream(2, "sampling"));
    const caption = await (await trained).predict(image, { nBest: 2 });
    expect(caption.text).toBe("dot frame bar");
    expect(caption.regionWidth).toBe(4);
    expect(caption.alternatives.length).toBe(1);
    expect(caption.attention.length).toBe(caption.tokens.length);
    for (const row of caption.attention) {
      expect(row.length).toBe(3);
      expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    }
  });

  it("writes as it decides, what greedy search gives, and stops where it is told to", async () => {
    const captioner = await trained;
    const { image } = test.find(({ text }) => text.includes(" ")) as (typeof test)[number];
    const pieces: string[] = [];
    for await (const piece of captioner.stream(image)) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join("")).toBe((await captioner.predict(image, { beam: 1 })).text);
    expect(captioner.answer(image)).toBe(pieces.join(""));
    const stopped = captioner.stream(image, { signal: AbortSignal.abort(new Error("enough")) });
    await expect(stopped.next()).rejects.toThrow("enough");
  });

  it("saved and loaded it answers alike", async () => {
    const captioner = await trained;
    const files = new Map<string, Uint8Array>();
    await captioner.save(files);
    const again = await loadModel(files);
    if (again.task !== "captioner") throw new Error(again.task);
    expect(weightsOf(again)).toEqual(weightsOf(captioner));
    const { image } = test[0] as (typeof test)[number];
    expect(await again.predict(image)).toEqual(await captioner.predict(image));
    expect(again.trainedWith).toEqual(captioner.trainedWith);
  });

  it("goes on from a checkpoint to the weights of an unbroken training", async () => {
    const options = { ...SMALL, units: 8, embeddingUnits: 8, epochs: 2 };
    const checkpoints = new Map<string, Uint8Array>();
    const unbroken = await Captioner.train(training.slice(0, 60), options);
    await Captioner.train(training.slice(0, 60), { ...options, checkpoints, steps: 5 });
    const resumed = await Captioner.train(training.slice(0, 60), { ...options, checkpoints, resume: true });
    expect(weightsOf(resumed)).toEqual(weightsOf(unbroken));
    const brighter = training.slice(0, 60).map(({ image, text }) => ({ image: { ...image, data: image.data }, text }));
    brighter[3] = { image: { ...(brighter[3]?.image as CaptionerImage), data: new Float32Array(24) }, text: "dot" };
    await expect(Captioner.train(brighter, { ...options, checkpoints, resume: true })).rejects.toThrow(/data/);
  });

  it("reads examples that a function gives, without recurrent layers in the encoder, in colour", async () => {
    const colour = training.slice(0, 40).map(({ image: { height, width, data }, text }) => {
      const pixels = Array.from(data).flatMap((value) => [value, 1 - value, 0]);
      return { image: { height, width, channels: 3, data: pixels }, text };
    });
    const small = { ...SMALL, units: 7, embeddingUnits: 8, epochs: 1, encoderLayers: 0, cell: "gru", kernelSize: 2 } as const;
    const captioner = await Captioner.train(() => lazily(colour), small);
    expect(typeof (await captioner.predict(colour[0]?.image as CaptionerImage)).text).toBe("string");
    await expect(captioner.predict((training[0] as (typeof training)[number]).image)).rejects.toThrow(
      "Captioner.predict: all images must be 6 pixels high with 3 channels, as the first is, received 6 with 1; scale them beforehand.",
    );
  });

  it.each<[Partial<Record<keyof CaptionerImage, unknown>>, string]>([
    [{ height: 0 }, "expected an image { height, width, channels, data }, received { height, width, data }."],
    [{ width: 1.5 }, "expected an image { height, width, channels, data }"],
    [{ data: undefined }, "expected an image { height, width, channels, data }"],
    [{ data: [1, 2, 3] }, "an image of 6 × 4 × 1 has 24 numbers, received 3."],
    [
      { height: 4, width: 6 },
      "all images must be 6 pixels high with 1 channel, as the first is, received 4 with 1; scale them beforehand.",
    ],
    [{ data: Array(24).fill(0).with(9, Number.NaN) }, "every number of an image must be finite, received NaN at [2, 1, 0]."],
  ])("refuses a picture with %j", async (changed, message) => {
    const image = strip(["dot"], new RandomStream(2, "sampling"));
    const captioner = await trained;
    await expect(captioner.predict([image, { ...image, ...changed } as CaptionerImage])).rejects.toThrow(
      `Captioner.predict: input 1: ${message}`,
    );
    await expect(
      Captioner.train([...training, { image: { ...image, ...changed } as CaptionerImage, text: "dot" }], {
        ...SMALL,
        validation: training,
      }),
    ).rejects.toThrow(`Captioner.train: example 300: ${message}`);
  });
});

describe("Captioner of vectors, labels and sentences", () => {
  const ANIMALS = ["cow", "horse", "pig", "hen"];
  const SOUNDS = ["moo says the cow", "neigh says the horse", "oink says the pig", "cluck says the hen"];
  const { filters: _, ...withoutImages } = SMALL;
  const small = { ...withoutImages, units: 16, epochs: 40, batchSize: 8 };

  it("writes a sentence about a label, and knows no other label", async () => {
    const data = Array.from({ length: 32 }, (_, n) => ({ label: ANIMALS[n % 4] as string, text: SOUNDS[n % 4] as string }));
    const captioner = await Captioner.train(data, small);
    expect((await captioner.predict(ANIMALS)).map(({ text }) => text)).toEqual(SOUNDS);
    const files = new Map<string, Uint8Array>();
    await captioner.save(files);
    expect((await (await Captioner.load(files)).predict("pig")).text).toBe("oink says the pig");
    await expect(captioner.predict("dog")).rejects.toThrow(
      /the label must be one that was trained on \(.*cow.*\), received "dog"\./,
    );
  });

  it("writes about a sentence, word by word, and reads them in batches as alone", async () => {
    const answers = ANIMALS.map((animal, n) => ({ sentence: `what does the ${animal} say`, text: SOUNDS[n] as string }));
    const short = ANIMALS.map((animal, n) => ({ sentence: `and the ${animal}`, text: SOUNDS[n] as string }));
    const data = Array.from({ length: 48 }, (_, n) => (n % 3 === 0 ? short : answers)[n % 4] as CaptionerExample);
    const captioner = await Captioner.train(data, { ...small, encoderLayers: 2, minimumCount: 1, validation: data.slice(0, 8) });
    const asked = [...answers, ...short].map(({ sentence }) => sentence);
    const written = await captioner.predict(asked);
    expect(written.map(({ text }) => text)).toEqual([...SOUNDS, ...SOUNDS]);
    expect(written[0]?.attention[0]).toHaveLength(6);
    expect(written[7]?.attention[0]).toHaveLength(4);
    expect((await captioner.predict(asked[7] as string)).score).toBeCloseTo(written[7]?.score ?? 0, 4);
    const files = new Map<string, Uint8Array>();
    await captioner.save(files);
    expect((await (await Captioner.load(files)).predict("and the hen")).text).toBe(SOUNDS[3]);
    await expect(captioner.predict(" ")).rejects.toThrow("the sentence must be a text that is not empty");
    await expect(Captioner.train(data, { encoderLayers: 0 })).rejects.toThrow(
      "`encoderLayers` must be a whole number of at least 1",
    );
    await expect(Captioner.train(data, { kernelSize: 3 })).rejects.toThrow(
      "`kernelSize` is for images, and the examples have a sentence",
    );
  });

  it("writes a sentence about a vector, whatever its scale, and refuses others", async () => {
    const vectorOf = (n: number) => [1000 + 50 * (n % 2), 0.001 * Math.floor((n % 4) / 2), 5];
    const data = Array.from({ length: 32 }, (_, n) => ({ vector: vectorOf(n), text: SOUNDS[n % 4] as string }));
    const captioner = await Captioner.train(data, small);
    expect((await captioner.predict([0, 1, 2, 3].map(vectorOf))).map(({ text }) => text)).toEqual(SOUNDS);
    expect((await captioner.predict(Float32Array.from(vectorOf(2)))).text).toBe(SOUNDS[2]);
    const files = new Map<string, Uint8Array>();
    await captioner.save(files);
    expect((await (await Captioner.load(files)).predict(vectorOf(3))).text).toBe(SOUNDS[3]);
    await expect(captioner.predict([1, 2])).rejects.toThrow("Captioner.predict: expected a vector of 3 numbers, received 2.");
    await expect(captioner.predict([1, Number.POSITIVE_INFINITY, 2])).rejects.toThrow(
      "Captioner.predict: every number of a vector must be finite, received Infinity at position 1.",
    );
  });

  it.each<[CaptionerOptions, RegExp]>([
    [{ tokens: "char", splitPunctuation: false }, /`splitPunctuation: false` is about words; set tokens: "word" too/],
    [{ filters: [8] }, /`filters` is for images, and the examples have a vector; leave it out/],
    [{ filters: [] }, /`filters` must be an array of whole numbers/],
    [{ units: 7 }, /`units` must be even/],
    [{ kernelSize: 0 }, /`kernelSize` must be a whole number of at least 1/],
    [{ tokens: "line" as never }, /must be one of char, word, piece/],
    [{ beam: 3 } as never, /there is no option `beam`/],
  ])("refuses %j", async (options, message) => {
    const data = Array.from({ length: 4 }, (_, n) => ({ vector: [n], text: "one" }));
    await expect(Captioner.train(data, options)).rejects.toThrow(message);
  });

  it("says which example is none", async () => {
    const right = { vector: [1], text: "one" };
    const trainedOn = (...data: unknown[]) => Captioner.train(data as CaptionerExample[], { ...small, validation: [right] });
    await expect(trainedOn(right, { text: "x" })).rejects.toThrow(
      "example 1 must be { image, text }, { vector, text }, { label, text } or { sentence, text }, received { text }.",
    );
    await expect(trainedOn(right, { ...right, label: "a" })).rejects.toThrow("example 1 must be { image, text }");
    await expect(trainedOn(right, { vector: [1], text: " " })).rejects.toThrow(
      'example 1: `text` must be a text that is not empty, received " ".',
    );
    await expect(trainedOn(right, { label: "a", text: "x" })).rejects.toThrow(
      "example 1 has a `label`, those before have a `vector`; give all the same.",
    );
    await expect(trainedOn()).rejects.toThrow("expected at least one example to train on, received none");
    await expect(Captioner.train("x" as never)).rejects.toThrow("the examples must be an array of { image, text }");
  });
});
