import { type Command, Option } from "commander";
import { Classifier } from "unrolled/tasks";
import { classifierSource, wordsOfTexts } from "../classifier/examples.js";
import { type ClassifierTrainOptions, checkClassifierOptions, classifierOptions } from "../classifier/options.js";
import { classifierReport, classifierScores, measureClassifier } from "../classifier/report.js";
import { divideExamples } from "../examples/divided-examples.js";
import { addColumnOptions, addGroupOption } from "../examples/open-records.js";
import type { Host } from "../host.js";
import { decimalNumber, wholeNumber } from "../option-values.js";
import { pieceOptions, TOKENIZER_HELP } from "../training/given-pieces.js";
import {
  addHeldOutOptions,
  addModelOptions,
  addOutputOptions,
  addPatienceOption,
  addTrainingOptions,
  type DefaultsInWords,
} from "../training/options.js";
import { beginTask, trainTask } from "../training/task.js";
import { addWordVectorOptions, wordVectorOptions } from "../training/word-vectors.js";

const BY_SIZE = "by the number of examples";
const DEFAULTS: DefaultsInWords = {
  validation: "0.1",
  test: "0.1",
  cell: "lstm",
  units: `32 to 256 ${BY_SIZE}`,
  layers: "1; of plain rows 2",
  dropout: `0 to 0.5 ${BY_SIZE}`,
  epochs: `at most 20 to 100 ${BY_SIZE}`,
  batch: `16 to 64 ${BY_SIZE}`,
  learningRate: "0.001 to 0.004",
};

/** `unrolled train classifier <data…>`: from a file of examples to a network that tells their classes. */
export function addTrainClassifierCommand(train: Command, host: Host, answer: (code: number) => void): void {
  const program = train.parent?.name() ?? "unrolled";
  const call = `${program} train classifier`;
  const atLeastOne = wholeNumber({ minimum: 1 });
  const command = train
    .command("classifier")
    .summary("learn to tell classes of texts, sequences, rows or pictures apart")
    .description("Trains a network to tell which class a text, a sequence of numbers, a row or a picture is of, and saves it.")
    .argument(
      "<data...>",
      "CSV, TSV, JSONL, Parquet, .ts or text files (.gz too), or a folder with one of pictures for each class",
    );
  addColumnOptions(command, { input: "what is given: a text, a sequence, or several columns", target: "the label" })
    .addOption(
      new Option("--tokens <unit>", "what a text is read as; both: words with the characters in them (default: word)").choices([
        ...["char", "word", "piece", "both"],
      ]),
    )
    .option("--lower-case", "upper case is read as lower case (default with words)")
    .option("--no-lower-case", "it is not (default with characters and pieces)")
    .option(
      "--minimum-count <count>",
      "rarer words are one unknown word, rarer pairs no piece (default: 1; of pieces 2)",
      atLeastOne,
    )
    .option(
      "--vocabulary-size <count>",
      "how many are learned at most (default: 30000; of pieces by the texts)",
      wholeNumber({ minimum: 2 }),
    )
    .option("--tokenizer <file>", TOKENIZER_HELP);
  addWordVectorOptions(command);
  addHeldOutOptions(addGroupOption(command, "examples"), DEFAULTS);
  addModelOptions(command, DEFAULTS)
    .option("--bidirectional", "reads in both directions (default)")
    .option("--no-bidirectional", "reads forward only")
    .addOption(
      new Option("--pooling <kind>", "how the steps become one (default: max)").choices(["last", "mean", "max", "attention"]),
    )
    .option(
      "--embedding-units <count>",
      "numbers that stand for a token (default: those of --word-vectors, or as --units)",
      atLeastOne,
    );
  addTrainingOptions(command, DEFAULTS, "examples")
    .option("--balance", "rare classes count as much as frequent ones")
    .option("--label-smoothing <share>", "share of a target that goes to all classes", decimalNumber({ minimum: 0, below: 1 }));
  addPatienceOption(command, "3 to 10");
  addOutputOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  ${call} reviews.csv
  ${call} reviews.csv --input text --target stars --tokens both
  ${call} train.csv --validation valid.csv --test test.csv --json
  ${call} reviews.csv --group film
  ${call} Czech.txt Greek.txt Irish.txt --tokens char
  ${call} reviews.csv --word-vectors glove.6B.100d.txt
  ${call} flowers.csv --target species --out models/flowers
  ${call} photos/`,
    )
    .action(async (data: string[], options: ClassifierTrainOptions) =>
      answer(await trainClassifier(host, program, data, options)),
    );
}

async function trainClassifier(host: Host, program: string, paths: string[], options: ClassifierTrainOptions): Promise<number> {
  const begun = await beginTask(host, "classifier", paths, options);
  checkClassifierOptions(options, begun.columns);
  const source = classifierSource(host, begun.columns, begun.records);
  const data = await divideExamples(source, paths, options, begun.seed);
  const vectors = await wordVectorOptions(host, options, () => wordsOfTexts(data.train));
  const asked = { ...classifierOptions(options, begun.columns, begun.seed), ...(await pieceOptions(options)), ...vectors };
  return await trainTask(host, begun, {
    ...{ program, options, data, unit: "examples" },
    train: (shared) => Classifier.train(data.train, { ...asked, ...shared }),
    measure: (model) => measureClassifier(model, data, options.tokens),
    metrics: ({ validation, test }) => ({ validation: classifierScores(validation), test: classifierScores(test) }),
    report: classifierReport,
  });
}
