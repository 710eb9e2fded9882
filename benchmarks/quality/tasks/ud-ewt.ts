import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Tagger, type TaggerExample, type TaskProgress } from "unrolled/tasks";
import { dataFile } from "../data-file.js";
import type { QualityTask, RunRequest } from "../task.js";

/** Chosen on the development part. */
const OPTIONS = {
  // data
  batchSize: 32, // sentences
  minimumCount: 2, // words that stand less often are unknown
  // model
  cell: "lstm",
  units: 128, // in each direction
  layers: 1,
  wordUnits: 64,
  characterUnits: 25, // in each direction
  dropout: 0.5,
  wordDropout: 0.05,
  crf: false,
  // optimisation
  epochs: 8,
  patience: 8, // the weights of the best epoch
  learningRate: 0.003, // of Adam, falling evenly to 0
  clipNorm: 5, // global norm
} as const;

/**
 * Universal part-of-speech tags (17) of English from the web: Universal Dependencies English Web Treebank 2.15, 12,544 sentences to train on;
 * the development part validates, the test part is measured once.
 */
export const udEwt: QualityTask = {
  name: "ud-ewt",
  description: "universal tags of English web text, bidirectional LSTM over words and their characters",
  data: "ud-ewt/en_ewt-ud-train.conllu.gz, -dev and -test",
  figure: "test accuracy, tokens",
  better: "higher",
  target: 0.94,

  // biome-ignore lint/suspicious/useAwait: others read lazily
  async open(data) {
    const [train, dev, test] = ["train", "dev", "test"].map((part) =>
      readConllu(dataFile(data, "ud-ewt", `en_ewt-ud-${part}.conllu.gz`)),
    ) as Parts;
    return {
      options: OPTIONS,
      baselines: [{ name: "most frequent tag of each word", value: baselineOf(train, test) }],
      run: (request) => trainAndMeasure([train, dev, test], request),
    };
  },
};

type Parts = [train: TaggerExample[], dev: TaggerExample[], test: TaggerExample[]];

/** Forms (column 2) and universal tags (column 4) of each sentence; words of several tokens and empty nodes are left out. */
function readConllu(path: string): TaggerExample[] {
  const text = gunzipSync(readFileSync(path)).toString("utf8");
  const sentences = text.split(/\r?\n\r?\n/).map((block) => {
    const rows = block.split("\n").map((line) => line.split("\t"));
    return rows.filter(([id]) => /^\d+$/.test(id ?? ""));
  });
  return sentences
    .filter((rows) => rows.length > 0)
    .map((rows) => ({ tokens: rows.map((row) => row[1] ?? ""), tags: rows.map((row) => row[3] ?? "") }));
}

function baselineOf(train: readonly TaggerExample[], test: readonly TaggerExample[]): number {
  const counts = new Map<string, Map<string, number>>();
  const count = (token: string, tag: string) => {
    const own = counts.get(token) ?? new Map<string, number>();
    counts.set(token, own.set(tag, (own.get(tag) ?? 0) + 1));
  };
  const any = "";
  for (const [token, tag] of train.flatMap(pairsOf)) for (const key of [token, any]) count(key, tag);
  const best = new Map(Array.from(counts, ([token, own]) => [token, [...own].reduce((a, b) => (b[1] > a[1] ? b : a))[0]]));
  const pairs = test.flatMap(pairsOf);
  return pairs.filter(([token, tag]) => (best.get(token) ?? best.get(any)) === tag).length / pairs.length;
}

function pairsOf({ tokens, tags }: TaggerExample): [token: string, tag: string][] {
  return tokens.map((token, place) => [token, tags[place] ?? ""]);
}

async function trainAndMeasure([train, dev, test]: Parts, { seed, steps, say }: RunRequest) {
  const all = Math.ceil(train.length / OPTIONS.batchSize) * OPTIONS.epochs;
  let latest: TaskProgress | undefined;
  const tagger = await Tagger.train(train, {
    ...OPTIONS,
    schedule: (step) => 1 - step / all,
    validation: dev,
    ...(steps === undefined ? {} : { steps }),
    seed,
    onProgress: (progress) => {
      if (latest && progress.epoch > latest.epoch) say(epochLine({ ...latest, validationMetrics: progress.validationMetrics }));
      latest = progress;
    },
  });
  const onDev = await tagger.evaluate(dev);
  const { accuracy, unknownAccuracy = Number.NaN } = await tagger.evaluate(test);
  const { epochs, seconds, best } = tagger.history;
  say(
    `best epoch ${best?.epoch}: development ${onDev.accuracy.toFixed(4)}, test ${accuracy.toFixed(4)}, ` +
      `of unknown words ${unknownAccuracy.toFixed(4)}, ${seconds.toFixed(0)} s`,
  );
  return { value: accuracy, parameters: tagger.parameterCount, epochs, seconds };
}

function epochLine({ epoch, epochs, loss, validationMetrics, seconds, examplesPerSecond }: TaskProgress): string {
  return (
    `epoch ${epoch}/${epochs}   training ${loss.toFixed(4)}   development accuracy ${validationMetrics?.accuracy?.toFixed(4)}   ` +
    `${Math.round(examplesPerSecond)} sentences/s   ${seconds.toFixed(0)} s`
  );
}
