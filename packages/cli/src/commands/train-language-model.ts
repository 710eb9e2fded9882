import { type Command, Option } from "commander";
import { configure, type Schedule, sgd, UnrolledError } from "unrolled";
import type { CellName } from "unrolled/tasks";
import { count } from "../display/quantities.js";
import { exitCode } from "../exit-code.js";
import { givenOptions } from "../given-options.js";
import { divideText } from "../held-out-text.js";
import type { Host } from "../host.js";
import { checkModelFolder, defaultModelFolder, releaseModelFolder } from "../model-folder.js";
import { decimalNumber, fileOrFraction, type HeldOut, wholeNumber } from "../option-values.js";
import { characterCount, readTexts } from "../texts.js";
import { threadsOption } from "../threads-option.js";
import { checkTokensOptions, type TokensOptions, tokensOptions } from "../tokens-options.js";
import { measure, reportAsJson, reportAsText } from "../training-report.js";
import { trainAndSave } from "../training-run.js";

interface TrainOptions extends TokensOptions {
  out?: string;
  overwrite?: true;
  resume?: true;
  checkpointEvery: number;
  json?: true;
  validation?: HeldOut;
  test?: HeldOut;
  cell: CellName;
  units: number;
  layers: number;
  embeddingUnits?: number;
  tieEmbeddings?: true;
  dropout: number;
  epochs: number;
  batch: number;
  sequence: number;
  optimizer: "adam" | "sgd";
  learningRate?: number;
  halveAfter?: number;
  clipNorm: number;
  seed?: number;
  threads?: number;
}

/** `unrolled train language-model <data…>`: from text files to a network that writes. */
export function addTrainLanguageModelCommand(train: Command, host: Host, answer: (code: number) => void): void {
  const program = train.parent?.name() ?? "unrolled";
  const call = `${program} train language-model`;
  const atLeastOne = wholeNumber({ minimum: 1 });
  const positive = decimalNumber({ above: 0 });
  const share = decimalNumber({ minimum: 0, below: 1 });
  train
    .command("language-model")
    .summary("learn to write like a text, character by character, word by word or piece by piece")
    .description("Trains a recurrent network to predict the next character, word or piece of a text, and saves it.")
    .argument("<data...>", "text files in UTF-8 (.gz too), read as one text in this order")
    .optionsGroup("Data:")
    .option("--validation <file|fraction>", "text to validate on, or a share of the data's end (default: 0.1)", fileOrFraction)
    .option("--test <file|fraction>", "text to test on when trained, or a share of the data's end", fileOrFraction)
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
    .option("--tokenizer <file>", "with --tokens piece: a tokenizer.json whose pieces are taken instead of learned")
    .option("--word-vectors <file>", "with --tokens word: vectors to begin with, in GloVe's or word2vec's text format (.gz too)")
    .option("--freeze-word-vectors", "leaves the vectors of all words as they begin")
    .optionsGroup("Model:")
    .addOption(new Option("--cell <kind>", "recurrent cell").choices(["rnn", "lstm", "gru"]).default("lstm"))
    .option("--units <count>", "hidden units of a layer", atLeastOne, 256)
    .option("--layers <count>", "recurrent layers", atLeastOne, 1)
    .option("--embedding-units <count>", "numbers that stand for a token (default: as --units, at most 128)", atLeastOne)
    .addOption(
      new Option("--tie-embeddings", "the output layer shares the embedding, of --units numbers a token").conflicts(
        "embeddingUnits",
      ),
    )
    .option("--dropout <share>", "share of values dropped between layers and before the output", share, 0)
    .optionsGroup("Training:")
    .option("--epochs <count>", "times through the data", atLeastOne, 10)
    .option("--batch <count>", "stretches of the data read side by side", atLeastOne, 32)
    .option("--sequence <tokens>", "how far a gradient goes back", atLeastOne, 64)
    .addOption(new Option("--optimizer <name>", "what changes the weights").choices(["adam", "sgd"]).default("adam"))
    .option("--learning-rate <number>", "of the optimizer (default: 0.003 for adam, 1 for sgd)", positive)
    .option("--halve-after <epochs>", "halves the learning rate in each epoch after that many (default: never)", atLeastOne)
    .option("--clip-norm <number>", "longer gradients are scaled down to this", positive, 1)
    .option("--seed <number>", "the same seed gives the same model (default: another one each time)", wholeNumber({ minimum: 0 }))
    .addOption(threadsOption())
    .optionsGroup("Output:")
    .option("--out <folder>", "where the model is saved (default: models/language-model-<name of the data>)")
    .option("--overwrite", "replace the model in that folder")
    .addOption(
      new Option("--resume", "go on from the checkpoint in that folder, if there is one; more --epochs go further").conflicts(
        "overwrite",
      ),
    )
    .option("--checkpoint-every <steps>", "how often a checkpoint is kept, besides the end", atLeastOne, 1000)
    .option("--json", "print one JSON object on standard output, all else on standard error")
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
    .action(async (data: string[], options: TrainOptions) => answer(await trainLanguageModel(host, program, data, options)));
}

async function trainLanguageModel(host: Host, program: string, data: string[], options: TrainOptions): Promise<number> {
  const {
    out,
    overwrite,
    resume,
    json,
    validation,
    test,
    batch,
    sequence,
    optimizer,
    learningRate,
    halveAfter,
    threads,
    tokens,
    splitPunctuation,
    minimumCount,
    vocabularySize,
    tokenizer,
    wordVectors,
    freezeWordVectors,
    ...training
  } = options;
  const given = { minimumCount, vocabularySize, tokenizer, wordVectors, freezeWordVectors };
  const asked: TokensOptions = { tokens, splitPunctuation, ...givenOptions(given) };
  await configure(givenOptions({ threads }));
  checkTokensOptions(asked);
  const folder = out ?? defaultModelFolder("language-model", data[0] ?? "");
  await checkModelFolder(folder, overwrite ? "overwrite" : resume ? "resume" : "keep");
  const text = await divideText(host, await readTexts(host, data), givenOptions({ validation, test }), tokens);
  const sizes = { train: characterCount(text.parts.train), validation: characterCount(text.parts.validation) };
  if (tokens === "char" && sizes.train <= sequence) throw new UnrolledError("UNROLLED_DATA", tooShort(sizes.train, sequence));
  const by = { char: "", word: ", word by word", piece: ", piece by piece" }[tokens];
  host.messages.write(`Training on ${count(sizes.train)} characters, validating on ${count(sizes.validation)}${by}.\n\n`);
  if (overwrite) await releaseModelFolder(folder);

  const run = await trainAndSave(host, {
    text: text.text,
    folder,
    checkpoints: true,
    json: json === true,
    options: {
      ...training,
      ...(await tokensOptions(host, asked, text.parts.train)),
      ...(optimizer === "sgd" ? { optimizer: sgd({ learningRate: learningRate ?? 1 }) } : givenOptions({ learningRate })),
      ...(halveAfter === undefined ? {} : { schedule: halvedAfter(halveAfter) }),
      batchSize: batch,
      sequenceLength: sequence,
      resume: resume === true,
      validation: text.validation,
    },
  });
  host.messages.write("\n");
  if (run === undefined) {
    host.messages.write("Stopped before the first step; nothing was saved.\n");
    return exitCode.interrupted;
  }
  const measures = await measure(run, text);
  host.results.write(json ? `${reportAsJson(run, measures, folder)}\n` : `${reportAsText(run, measures, folder, program)}\n`);
  return run.interrupted ? exitCode.interrupted : exitCode.done;
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
