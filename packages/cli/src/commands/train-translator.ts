import type { Command } from "commander";
import { Translator } from "unrolled/tasks";
import { divideExamples } from "../examples/divided-examples.js";
import { addColumnOptions } from "../examples/open-records.js";
import type { Host } from "../host.js";
import {
  addHeldOutOptions,
  addModelOptions,
  addOutputOptions,
  addPatienceOption,
  addTrainingOptions,
  type DefaultsInWords,
} from "../training/options.js";
import { beginTask, trainTask } from "../training/task.js";
import {
  addAttentionOption,
  addMeasuringBeamOption,
  addTokenOptions,
  addWritingOptions,
  unitOption,
} from "../training/writer-options.js";
import { openPairRecords, translatorSource } from "../translator/examples.js";
import { type TranslatorTrainOptions, translatorOptions } from "../translator/options.js";
import { measureTranslator, sampleOf, translatorReport, translatorScores } from "../translator/report.js";

const DEFAULTS: DefaultsInWords = {
  validation: "0.1",
  test: "0.1",
  cell: "lstm",
  units: "128, 256 from 5,000 pairs on",
  layers: "1",
  dropout: "0.2, 0.3 from 5,000 pairs on",
  epochs: "at most 20",
  batch: "64",
  learningRate: "0.002",
};

/** `unrolled train translator <data…>`: from pairs of texts to a network that turns one into the other. */
export function addTrainTranslatorCommand(train: Command, host: Host, answer: (code: number) => void): void {
  const program = train.parent?.name() ?? "unrolled";
  const call = `${program} train translator`;
  const command = train
    .command("translator")
    .summary("learn to turn a text into another")
    .description(
      "Trains a network to turn a text into another, sentences into another language, numbers into words, spellings into sounds, and saves it.",
    )
    .argument("<data...>", "tables or JSONL with two columns, a text with a tab in each line, or two parallel texts (.gz too)");
  addColumnOptions(command, { input: "what is read", target: "what it becomes" })
    .addOption(unitOption("--tokens <unit>", "what texts are read and written by (default: word)"))
    .addOption(unitOption("--source-tokens <unit>", "what they are read by, if not the same"))
    .addOption(unitOption("--target-tokens <unit>", "what they are written by, if not the same"));
  addTokenOptions(command);
  addHeldOutOptions(command, DEFAULTS);
  addModelOptions(command, DEFAULTS)
    .option("--bidirectional", "reads in both directions (default)")
    .option("--no-bidirectional", "reads forward only");
  addAttentionOption(command);
  addWritingOptions(addTrainingOptions(command, DEFAULTS, "pairs"));
  addPatienceOption(command, "3");
  addMeasuringBeamOption(addOutputOptions(command))
    .addHelpText(
      "after",
      `
Examples:
  ${call} fra.txt
  ${call} train.de train.en --validation val.de,val.en --test test.de,test.en --no-split-punctuation
  ${call} dates.csv --input written --target iso --tokens char
  ${call} dictionary.tsv --source-tokens char --target-tokens word --json`,
    )
    .action(async (data: string[], options: TranslatorTrainOptions) =>
      answer(await trainTranslator(host, program, data, options)),
    );
}

async function trainTranslator(host: Host, program: string, paths: string[], options: TranslatorTrainOptions): Promise<number> {
  const begun = await beginTask(host, "translator", paths, options, openPairRecords);
  const data = await divideExamples(translatorSource(host, begun.columns, begun.records), paths, options, begun.seed);
  return await trainTask(host, begun, {
    ...{ program, options, data, unit: "pairs" },
    train: ({ onProgress, ...shared }) =>
      Translator.train(data.train, {
        ...{ ...translatorOptions(options, begun.seed), ...shared },
        onProgress: ({ model, ...progress }) => onProgress(progress, () => sampleOf(model, data.validation)),
      }),
    measure: (model) => measureTranslator(model, data, options.beam),
    metrics: ({ validation, test }) => ({ validation: translatorScores(validation), test: translatorScores(test) }),
    report: translatorReport,
  });
}
