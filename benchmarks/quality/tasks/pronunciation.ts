import { dictionary } from "cmu-pronouncing-dictionary";
import { nearestExample, type Translator } from "unrolled/tasks";
import { shuffled, uniformNumbers } from "../../random.js";
import type { QualityTask } from "../task.js";
import { trainAndMeasure } from "../translate.js";

/** Those of the second trial: dropout of 0.3 left the training loss above the validation loss. */
const OPTIONS = {
  // data
  sourceTokens: "char",
  targetTokens: "word",
  splitPunctuation: false, // a phoneme is a word
  batchSize: 128,
  // model
  cell: "lstm",
  units: 256,
  embeddingUnits: 128,
  tieEmbeddings: false, // since units are more
  dropout: 0.1,
  // optimisation
  epochs: 8,
  patience: 8, // the weights of the best epoch
  learningRate: 0.002, // of Adam, falling evenly to 0
} as const;

const VALIDATION = 2500;
const TEST = 12_000;

/** A word, and how it is said. */
interface Word {
  readonly spelling: string;
  /** Phonemes without stress, each variant once. */
  readonly variants: readonly string[];
}

/**
 * English spelling to phonemes (CMU pronouncing dictionary), without stress: all variants of a word are in one part, and any of them is right. What others report is on
 * another split of nearly the same words.
 */
export const pronunciation: QualityTask = {
  name: "pronunciation",
  description: "English spelling to phonemes (npm package cmu-pronouncing-dictionary), LSTM with attention, beam 5",
  figure: "word error, without stress",
  better: "lower",
  target: 0.35,
  published: { name: "Yao & Zweig 2015, LSTM encoder and decoder, another split", value: 0.2861 },

  async open() {
    const words = shuffled(plainWords(), uniformNumbers(1));
    const test = words.slice(0, TEST);
    const validation = words.slice(TEST, TEST + VALIDATION).flatMap(pairs);
    const train = words.slice(TEST + VALIDATION).flatMap(pairs);
    const nearest = await nearestExample(train);
    const some = test.slice(0, 1000);
    const copied = some.map(({ spelling }) => nearest.predict(spelling));
    return {
      options: OPTIONS,
      baselines: [{ name: "that of the nearest training word, 1,000 words", value: wordError(some, copied) }],
      run: (request) =>
        trainAndMeasure({ train, validation }, OPTIONS, request, async (translator, options) => {
          return { value: wordError(test, await said(translator, test, options)) };
        }),
    };
  },
};

async function said(translator: Translator, words: readonly Word[], options: { readonly beam: number }): Promise<string[]> {
  const spellings = words.map(({ spelling }) => spelling);
  return (await translator.predict(spellings, options)).map(({ text }) => text);
}

function wordError(words: readonly Word[], answers: readonly string[]): number {
  return words.filter(({ variants }, place) => !variants.includes(answers[place] as string)).length / words.length;
}

/** Words of the letters a to z alone; "read(2)" is a variant of "read". */
function plainWords(): Word[] {
  const words = new Map<string, Set<string>>();
  for (const [entry, phonemes] of Object.entries(dictionary)) {
    const [, spelling] = entry.match(/^([a-z]+)(?:\(\d\))?$/) ?? [];
    if (spelling === undefined) continue;
    const variants = words.get(spelling) ?? new Set();
    words.set(spelling, variants.add(phonemes.replace(/\d/g, "")));
  }
  return Array.from(words, ([spelling, variants]) => ({ spelling, variants: [...variants] }));
}

function pairs({ spelling, variants }: Word): { source: string; target: string }[] {
  return variants.map((target) => ({ source: spelling, target }));
}
