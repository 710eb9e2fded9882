import { type Command, Option } from "commander";
import { type Schedule, sgd, UnrolledError } from "unrolled";
import { folder } from "unrolled/node";
import { count } from "../display/quantities.js";
import { givenOptions } from "../given-options.js";
import type { Host } from "../host.js";
import { divideText } from "../language-model/divided-text.js";
import { languageModelReport, measure } from "../language-model/report.js";
import { characterCount, readTexts } from "../language-model/texts.js";
import { checkTokensOptions, type TokensOptions, tokensOptions } from "../language-model/tokens-options.js";
import { languageModelTraining } from "../language-model/training.js";
import { wholeNumber } from "../option-values.js";
import { TOKENIZER_HELP } from "../training/given-pieces.js";
import { releaseModelFolder } from "../training/model-folder.js";
import {
  addHeldOutOptions,
  addModelOptions,
  addOutputOptions,
  addTrainingOptions,
  type DefaultsInWords,
  type TrainOptions,
} from "../training/options.js";
import { placeForModel } from "../training/place.js";
import { finishTraining } from "../training/report.js";
import { sharedTaskOptions } from "../training/task-options.js";
import { trainAndSave } from "../training/training-run.js";
import { addWordVectorOptions } from "../training/word-vectors.js";

interface LanguageModelTrainOptions extends TrainOptions, TokensOptions {
  embeddingUnits?: number;
  tieEmbeddings?: true;
  sequence: number;
  optimizer: "adam" | "sgd";
  halveAfter?: number;
}

const DEFAULTS: DefaultsInWords = {
  validation: "0.1, from the end",
  test: "none",
  cell: "lstm",
  units: "256",
  layers: "1",
  dropout: "0",
  epochs: "10",
  batch: "32",
  learningRate: "0.003 for adam, 1 for sgd",
};

/** `unrolled train language-model <data…>`: from text files to a network that writes. */
export function addTrainLanguageModelCommand(train: Command, host: Host, answer: (code: number) => void): void {
  const program = train.parent?.name() ?? "unrolled";
  const call = `${program} train language-model`;
  const atLeastOne = wholeNumber({ minimum: 1 });
  const command = train
    .command("language-model")
    .summary("learn to write like a text, character by character, word by word or piece by piece")
    .description("Trains a recurrent network to predict the next character, word or piece of a text, and saves it.")
    .argument("<data...>", "text files in UTF-8 (.gz too), read as one text in this order");
  const ofTokens = addHeldOutOptions(command, DEFAULTS)
    .addOption(new Option("--tokens <unit>", "what is learned one by one").choices(["char", "word", "piece"]).default("char"))
    .option("--no-split-punctuation", "with --tokens word: spaces part words and marks already, as in the Penn Treebank")
    .option(
      "--minimum-count <count>",
      "rarer characters or words are one unknown token, rarer pairs no piece (default: 1, with --tokens piece 2)",
      atLeastOne,
    )
    .option(
      "--vocabulary-size <count>",
      "how many are learned at most, the most frequent (default: all; of pieces 500 to 8000 by the text's length)",
      wholeNumber({ minimum: 2 }),
    )
    .option("--tokenizer <file>", TOKENIZER_HELP);
  addWordVectorOptions(ofTokens, "with --tokens word: ");
  addModelOptions(command, DEFAULTS)
    .option("--embedding-units <count>", "numbers that stand for a token (default: as --units, at most 128)", atLeastOne)
    .addOption(
      new Option("--tie-embeddings", "the output layer shares the embedding, of --units numbers a token").conflicts(
        "embeddingUnits",
      ),
    );
  addTrainingOptions(command, DEFAULTS, "stretches of the data")
    .option("--sequence <tokens>", "how far a gradient goes back", atLeastOne, 64)
    .addOption(new Option("--optimizer <name>", "what changes the weights").choices(["adam", "sgd"]).default("adam"))
    .option("--halve-after <epochs>", "halves the learning rate in each epoch after that many (default: never)", atLeastOne);
  addOutputOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  ${call} book.txt
  ${call} book.txt --cell gru --units 512 --epochs 20 --out models/book
  ${call} book.txt --tokens word --minimum-count 3 --tie-embeddings
  ${call} book.txt --tokens piece --vocabulary-size 2000
  ${call} book.txt --resume
  ${call} train.txt --validation valid.txt --test test.txt --json`,
    )
    .action(async (data: string[], options: LanguageModelTrainOptions) =>
      answer(await trainLanguageModel(host, program, data, options)),
    );
}

async function trainLanguageModel(
  host: Host,
  program: string,
  data: string[],
  options: LanguageModelTrainOptions,
): Promise<number> {
  const { validation, test, sequence, optimizer, learningRate, halveAfter, dropout, seed, embeddingUnits, tieEmbeddings } =
    options;
  const { tokens, splitPunctuation, minimumCount, vocabularySize, tokenizer, wordVectors, freezeWordVectors } = options;
  const given = { minimumCount, vocabularySize, tokenizer, wordVectors, freezeWordVectors };
  const asked: TokensOptions = { tokens, splitPunctuation, ...givenOptions(given) };
  checkTokensOptions(asked);
  const path = await placeForModel("language-model", data, options);
  const text = await divideText(host, await readTexts(host, data), givenOptions({ validation, test }), tokens);
  const sizes = { train: characterCount(text.parts.train), validation: characterCount(text.parts.validation) };
  if (tokens === "char" && sizes.train <= sequence) throw new UnrolledError("UNROLLED_DATA", tooShort(sizes.train, sequence));
  const by = { char: "", word: ", word by word", piece: ", piece by piece" }[tokens];
  host.messages.write(`Training on ${count(sizes.train)} characters, validating on ${count(sizes.validation)}${by}.\n\n`);
  if (options.overwrite) await releaseModelFolder(path);

  const store = folder(path);
  const json = options.json === true;
  const { learningRate: ofAdam, ...shared } = sharedTaskOptions(options);
  const run = await trainAndSave(host, {
    store,
    json,
    train: languageModelTraining(text.text, {
      ...shared,
      ...givenOptions({ dropout, seed, embeddingUnits, tieEmbeddings }),
      ...(await tokensOptions(host, asked, text.parts.train)),
      ...(optimizer === "sgd" ? { optimizer: sgd({ learningRate: learningRate ?? 1 }) } : givenOptions({ learningRate: ofAdam })),
      ...(halveAfter === undefined ? {} : { schedule: halvedAfter(halveAfter) }),
      sequenceLength: sequence,
      checkpoints: store,
      validation: text.validation,
    }),
  });
  return await finishTraining(host, run, async (ended) =>
    languageModelReport(ended, await measure(ended, text), { folder: path, program, json }),
  );
}

/** 1 for so many epochs, then half of what it was in each one before (Zaremba et al. 2014). */
function halvedAfter(epochs: number): Schedule {
  return (_step, epoch) => 0.5 ** Math.max(0, epoch - epochs + 1);
}

function tooShort(characters: number, sequence: number): string {
  return (
    `the text to train on must be longer than one sequence of ${count(sequence)} characters, received ${count(characters)}; ` +
    "give more text, or a smaller --sequence."
  );
}
