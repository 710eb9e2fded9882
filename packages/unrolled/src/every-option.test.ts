import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { plain } from "./layers/testing/plain.js";
import { autogradCases } from "./testing/option-cases/autograd.js";
import { captionerCases } from "./testing/option-cases/captioner.js";
import { classifierCases } from "./testing/option-cases/classifier.js";
import { decoderCases } from "./testing/option-cases/decoders.js";
import { forecasterCases } from "./testing/option-cases/forecaster.js";
import { languageModelCases } from "./testing/option-cases/language-model.js";
import { layerCases } from "./testing/option-cases/layers.js";
import type { OptionCase } from "./testing/option-cases/option-case.js";
import { taggerCases } from "./testing/option-cases/tagger.js";
import { trainingCases } from "./testing/option-cases/training.js";
import { translatorCases } from "./testing/option-cases/translator.js";

/*
 * No option is accepted and ignored. Every function that takes options is walked: each option is given another value, which must change what
 * comes out, or be refused. A new option, and a new function with options, fails here until it is walked too.
 */

const cases: readonly OptionCase[] = [
  ...[...autogradCases, ...layerCases, ...decoderCases, ...trainingCases],
  ...[...languageModelCases, ...classifierCases, ...taggerCases, ...forecasterCases, ...translatorCases, ...captionerCases],
];

/** Walked in a test beside them, by the same rules: the options that layers are made with. */
const walkedElsewhere = {
  "layers/attention-pooling.ts": ["attentionPooling"],
  "layers/conv2d.ts": ["conv2d"],
  "layers/dense.ts": ["dense"],
  "layers/embedding.ts": ["embedding"],
  "layers/layer-norm.ts": ["layerNorm"],
  "layers/max-pooling2d.ts": ["maxPooling2d"],
  "layers/recurrent.ts": ["lstm, gru, rnn"],
  "layers/recurrent-options.ts": ["zoneout"],
  "layers/sequential.ts": ["sequential"],
};

class Refusal extends Error {}

describe.each(cases)("$where", ({ where, options, others, run, unseen = [] }) => {
  it("refuses an option that there isn't, and lists those that there are, of which each is tried here", async () => {
    const message = String(await outcome(() => run({ ...options, noSuchOption: 1 } as never)));
    const [said, listed] = message.split("; the options are ");
    expect(said).toBe(`Error: UnrolledError: ${where}: there is no option \`noSuchOption\``);
    expect(listed?.slice(0, -1).split(", ").sort()).toEqual([...Object.keys(options), ...unseen].sort());
    expect(Object.keys(others).sort()).toEqual(Object.keys(options).sort());
  });

  const given = once(() => outcome(() => run(options as never)));

  it("gives the same again", async () => {
    expect(await given()).not.toBeInstanceOf(Refusal);
    expect(await outcome(() => run(options as never))).toEqual(await given());
  });

  it.each(Object.keys(options))("gives something else, or refuses, where %s is another", async (name) => {
    expect(await outcome(() => run({ ...options, [name]: others[name] } as never))).not.toEqual(await given());
  });
});

describe("all that takes options", () => {
  const folder = new URL(".", import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /(?<!\.test|\.d)\.ts$/.test(file) && !file.includes("testing/"));

  it("is walked: each place that refuses unknown options has its case", () => {
    const walked = new Map<string, number>(Object.entries(walkedElsewhere).map(([file, names]) => [file, names.length]));
    for (const { file } of cases) walked.set(file, (walked.get(file) ?? 0) + 1);
    const found = sources.flatMap((file): [string, number][] => {
      const calls = readFileSync(new URL(file, folder), "utf8").match(/(?<!function )\bcheckKnown\(/g) ?? [];
      return calls.length === 0 ? [] : [[file, calls.length]];
    });
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(walked));
  });

  it("refuses unknown ones: each public type of options belongs to a function that is walked", () => {
    const exported = sources
      .filter((file) => file.endsWith("index.ts"))
      .flatMap((file) => readFileSync(new URL(file, folder), "utf8").match(/\b\w+Options\b/g) ?? []);
    const known = [
      ...cases.flatMap(({ types }) => types),
      ...[
        "AttentionPoolingOptions",
        "DenseOptions",
        "TiedDenseOptions",
        "UntiedDenseOptions",
        "EmbeddingOptions",
        "LayerNormOptions",
        "Conv2dOptions",
        "MaxPooling2dOptions",
      ],
      ...["RecurrentOptions", "RnnOptions", "LstmOptions", "GruOptions", "SequentialOptions"],
    ];
    expect([...new Set(exported)].sort()).toEqual([...new Set(known)].sort());
  });
});

/** What a function gives, called at most once. */
function once<R>(make: () => R): () => R {
  let made: { readonly result: R } | undefined;
  return () => {
    made ??= { result: make() };
    return made.result;
  };
}

/** What comes out, with tensors as numbers, or that nothing does. */
async function outcome(run: () => unknown): Promise<unknown> {
  try {
    return plain(await run());
  } catch (error) {
    return new Refusal(String(error));
  }
}
