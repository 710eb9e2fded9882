import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { plain } from "./layers/testing/plain.js";
import { autogradCases } from "./testing/option-cases/autograd.js";
import { languageModelCases } from "./testing/option-cases/language-model.js";
import { layerCases } from "./testing/option-cases/layers.js";
import type { OptionCase } from "./testing/option-cases/option-case.js";
import { trainingCases } from "./testing/option-cases/training.js";

/*
 * No option is accepted and ignored. Every function that takes options is walked: each option is given another value, which must change what
 * comes out, or be refused. A new option, and a new function with options, fails here until it is walked too.
 */

const cases: readonly OptionCase[] = [...autogradCases, ...layerCases, ...trainingCases, ...languageModelCases];

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

/** Training options of tasks that are yet to be walked, and what measures them: these refuse unknown options, which is all that is seen here. */
const yetToBeWalked = {
  files: {
    "tasks/captioner/options.ts": 1,
    "tasks/classifier/classifier.ts": 1,
    "tasks/classifier/naive-bayes.ts": 1,
    "tasks/classifier/options.ts": 1,
    "tasks/forecaster/backtest.ts": 1,
    "tasks/forecaster/evaluate.ts": 1,
    "tasks/forecaster/options.ts": 1,
    "tasks/forecaster/predict.ts": 1,
    "tasks/tagger/options.ts": 1,
    "decoding/beam/beam-search.ts": 1,
    "layers/attention-decoder.ts": 3,
    "layers/encoder-decoder.ts": 2,
    "tasks/scores/bleu.ts": 1,
    "tasks/translator/options.ts": 1,
    "tasks/writing/answers.ts": 1,
    "training/batch.ts": 1,
  },
  types: [
    ...["CaptionerOptions", "ClassifierOptions", "NaiveBayesOptions", "TaggerOptions", "TrainingOptions"],
    ...["BacktestOptions", "EvaluateOptions", "ForecasterOptions", "PredictOptions"],
    ...[
      "AttentionDecoderOptions",
      "EncoderDecoderOptions",
      "BeamSearchOptions",
      "BleuOptions",
      "TranslatorOptions",
      "AnswerOptions",
    ],
  ],
};

describe.each(cases)("$where", ({ where, options, others, run, unseen = [] }) => {
  it("refuses an option that there isn't, and lists those that there are, of which each is tried here", async () => {
    const message = String(await outcome(() => run({ ...options, noSuchOption: 1 } as never)));
    const [said, listed] = message.split("; the options are ");
    expect(said).toBe(`Error: UnrolledError: ${where}: there is no option \`noSuchOption\``);
    expect(listed?.slice(0, -1).split(", ").sort()).toEqual([...Object.keys(options), ...unseen].sort());
    expect(Object.keys(others).sort()).toEqual(Object.keys(options).sort());
  });

  it.each(Object.keys(options))("gives something else, or refuses, where %s is another", async (name) => {
    const before = await outcome(() => run(options as never));
    expect(before).not.toBeInstanceOf(Refusal);
    expect(await outcome(() => run(options as never))).toEqual(before);
    expect(await outcome(() => run({ ...options, [name]: others[name] } as never))).not.toEqual(before);
  });
});

describe("all that takes options", () => {
  const folder = new URL(".", import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /(?<!\.test|\.d)\.ts$/.test(file) && !file.includes("testing/"));

  it("is walked: each place that refuses unknown options has its case", () => {
    const walked = new Map<string, number>(Object.entries(walkedElsewhere).map(([file, names]) => [file, names.length]));
    for (const [file, calls] of Object.entries(yetToBeWalked.files)) walked.set(file, calls);
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
      ...yetToBeWalked.types,
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

/** What comes out, with tensors as numbers, or that nothing does. */
async function outcome(run: () => unknown): Promise<unknown> {
  try {
    return plain(await run());
  } catch (error) {
    return new Refusal(String(error));
  }
}
