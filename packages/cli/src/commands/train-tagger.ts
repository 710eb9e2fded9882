import { type Command, Option } from "commander";
import { UnrolledError } from "unrolled";
import { Tagger } from "unrolled/tasks";
import { divideExamples } from "../examples/divided-examples.js";
import { addColumnOptions, addGroupOption } from "../examples/open-records.js";
import type { Host } from "../host.js";
import { decimalNumber, wholeNumber } from "../option-values.js";
import { taggerSource, wordsOfSentences } from "../tagger/examples.js";
import { type TaggerTrainOptions, taggerOptions } from "../tagger/options.js";
import { measureTagger, taggerReport, taggerScores } from "../tagger/report.js";
import { checkPieceArguments, pieceOptions, TOKENIZER_HELP } from "../training/given-pieces.js";
import {
  addHeldOutOptions,
  addModelOptions,
  addOutputOptions,
  addPatienceOption,
  addTrainingOptions,
  type DefaultsInWords,
} from "../training/options.js";
import { beginTask, trainTask } from "../training/task.js";
import { addWordVectorOptions, checkWordVectorArguments, wordVectorOptions } from "../training/word-vectors.js";

const DEFAULTS: DefaultsInWords = {
  validation: "0.1",
  test: "0.1",
  cell: "lstm",
  units: "128",
  layers: "1",
  dropout: "0.5",
  epochs: "at most 20; of fewer than 1,000 sentences 60",
  batch: "32; of fewer than 1,000 sentences 8",
  learningRate: "0.003",
};

/** `unrolled train tagger <data…>`: from sentences with tags to a network that tags. */
export function addTrainTaggerCommand(train: Command, host: Host, answer: (code: number) => void): void {
  const program = train.parent?.name() ?? "unrolled";
  const call = `${program} train tagger`;
  const atLeastOne = wholeNumber({ minimum: 1 });
  const command = train
    .command("tagger")
    .summary("learn to give each word of a sentence a tag")
    .description(
      "Trains a network to give each word of a sentence a tag, such as its part of speech or the name it is in, and saves it.",
    )
    .argument("<data...>", "CoNLL, CoNLL-U, JSONL or Parquet files (.gz too)");
  addColumnOptions(command, { input: "the words", target: "the tags" })
    .option("--no-lower-case", "upper case is not read as lower case where words are looked up")
    .option(
      "--minimum-count <count>",
      "rarer words are one unknown word, known by their characters (default: 2, with vectors 1)",
      atLeastOne,
    );
  command
    .addOption(
      new Option(
        "--tokens <unit>",
        "what a word is read by besides itself: characters, nothing (word), or pieces of it (default: char)",
      ).choices(["char", "word", "piece"]),
    )
    .option(
      "--vocabulary-size <count>",
      "with --tokens piece: how many are learned at most (default: 500 to 8000 by the words)",
      wholeNumber({ minimum: 2 }),
    )
    .option("--tokenizer <file>", TOKENIZER_HELP);
  addWordVectorOptions(command);
  addHeldOutOptions(addGroupOption(command, "sentences"), DEFAULTS);
  addModelOptions(command, DEFAULTS)
    .option("--bidirectional", "reads in both directions (default)")
    .option("--no-bidirectional", "reads forward only")
    .option("--crf", "judges a sentence's tags together, by a conditional random field (default: where tags mark entities)")
    .option("--no-crf", "judges each tag by itself")
    .option("--word-units <count>", "numbers that stand for a word (default: those of --word-vectors, or 64)", atLeastOne)
    .option(
      "--character-units <count>",
      "hidden units that read a word's characters or pieces; 0 reads none (default: 25)",
      wholeNumber({ minimum: 0 }),
    );
  addTrainingOptions(command, DEFAULTS, "sentences").option(
    "--word-dropout <share>",
    "share of words read as unknown in training (default: 0.05)",
    decimalNumber({ minimum: 0, below: 1 }),
  );
  addPatienceOption(command, "3; of fewer than 1,000 sentences 8");
  addOutputOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  ${call} en-ud-train.conllu --validation en-ud-dev.conllu --test en-ud-test.conllu
  ${call} en-ud-train.conllu --target upos
  ${call} names.conll --no-crf --units 64
  ${call} names.conll --word-vectors glove.6B.100d.txt --freeze-word-vectors
  ${call} names.conll --tokens piece --vocabulary-size 2000
  ${call} sentences.jsonl --input words --target ner_tags --json`,
    )
    .action(async (data: string[], options: TaggerTrainOptions) => answer(await trainTagger(host, program, data, options)));
}

async function trainTagger(host: Host, program: string, paths: string[], options: TaggerTrainOptions): Promise<number> {
  checkPieceArguments(options, ["vocabularySize"]);
  if (options.vocabularySize !== undefined && options.tokens !== "piece") {
    throw new UnrolledError("UNROLLED_VALUE", "--vocabulary-size is about pieces; add --tokens piece.");
  }
  if (options.tokens === "word" && (options.characterUnits ?? 0) > 0) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      "--character-units is about what words are spelled by, which --tokens word leaves out.",
    );
  }
  checkWordVectorArguments(options);
  const begun = await beginTask(host, "tagger", paths, options);
  const data = await divideExamples(taggerSource(host, begun.columns, begun.records), paths, options, begun.seed);
  const vectors = await wordVectorOptions(host, options, () => wordsOfSentences(data.train));
  const asked = { ...taggerOptions(options, begun.seed), ...(await pieceOptions(options)), ...vectors };
  return await trainTask(host, begun, {
    ...{ program, options, data, unit: "sentences" },
    train: (shared) => Tagger.train(data.train, { ...asked, ...shared }),
    measure: (model) => measureTagger(model, data),
    metrics: ({ validation, test }) => ({ validation: taggerScores(validation), test: taggerScores(test) }),
    report: taggerReport,
  });
}
