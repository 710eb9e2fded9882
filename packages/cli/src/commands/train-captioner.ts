import { type Command, Option } from "commander";
import { Captioner } from "unrolled/tasks";
import { captionerSource, imageReadingOf, openedAs } from "../captioner/examples.js";
import { type CaptionerTrainOptions, captionerOptions, imageReading, wholeNumbers } from "../captioner/options.js";
import { captionerReport, captionerScores, measureCaptioner, sampleOf } from "../captioner/report.js";
import { divideExamples } from "../examples/divided-examples.js";
import { addColumnOptions } from "../examples/open-records.js";
import type { Host } from "../host.js";
import { wholeNumber } from "../option-values.js";
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

const DEFAULTS: DefaultsInWords = {
  validation: "0.1",
  test: "0.1",
  cell: "lstm",
  units: "128, 256 from 5,000 examples on",
  layers: "1",
  dropout: "0.2, 0.3 from 5,000 examples on",
  epochs: "at most 20",
  batch: "64",
  learningRate: "0.002",
};

/** `unrolled train captioner <data…>`: from pictures, numbers or labels with texts to a network that writes about more of them. */
export function addTrainCaptionerCommand(train: Command, host: Host, answer: (code: number) => void): void {
  const program = train.parent?.name() ?? "unrolled";
  const call = `${program} train captioner`;
  const atLeastOne = wholeNumber({ minimum: 1 });
  const command = train
    .command("captioner")
    .summary("learn to write texts about pictures, numbers, labels or sentences")
    .description("Trains a network to write a text about a picture, a vector of numbers, a label or a sentence, and saves it.")
    .argument(
      "<data...>",
      "a folder of pictures with a table of their texts in it, or with folders that are named by the text; a table or JSONL with " +
        "paths of pictures, numbers, labels or sentences, and texts (.gz too); a folder and a table",
    );
  addColumnOptions(command, {
    input: "what is written about: pictures, a label, a sentence, or columns of numbers",
    target: "the text",
  })
    .option("--image-height <pixels>", "pictures are scaled to this, and keep their shape (default: as they are)", atLeastOne)
    .addOption(new Option("--grey", "pictures are read without their colours").conflicts("colour"))
    .option("--colour", "grey pictures are read as if they had colours")
    .addOption(unitOption("--tokens <unit>", "what texts are written by (default: word)"));
  addTokenOptions(command);
  addHeldOutOptions(command, DEFAULTS);
  addModelOptions(command, DEFAULTS)
    .option("--filters <counts>", "pictures: filters of each convolution (default: 16,32)", wholeNumbers)
    .option("--kernel-size <pixels>", "pictures: what a filter sees, down and across (default: 3)", atLeastOne)
    .option(
      "--encoder-layers <count>",
      "pictures and sentences: recurrent layers that read them, both ways (default: 1)",
      wholeNumber({ minimum: 0 }),
    );
  addAttentionOption(command);
  addWritingOptions(addTrainingOptions(command, DEFAULTS, "examples"));
  addPatienceOption(command, "3");
  addMeasuringBeamOption(addOutputOptions(command))
    .addHelpText(
      "after",
      `
Examples:
  ${call} photos/ --image-height 32
  ${call} photos/captions.csv --input file --target caption --grey
  ${call} strips/ --validation more/captions.csv --epochs 8
  ${call} weather.csv --input degrees rain wind --target report
  ${call} sounds.jsonl --tokens char --json`,
    )
    .action(async (data: string[], options: CaptionerTrainOptions) => answer(await trainCaptioner(host, program, data, options)));
}

async function trainCaptioner(host: Host, program: string, paths: string[], options: CaptionerTrainOptions): Promise<number> {
  const begun = await beginTask(host, "captioner", paths, options, openedAs(imageReading(options)), imageReadingOf);
  const { records, columns, images = {} } = begun;
  // other files' pictures are read as those of these were
  const source = captionerSource(host, columns, { paths, records }, openedAs(images));
  const data = await divideExamples(source, paths, options, begun.seed);
  return await trainTask(host, begun, {
    ...{ program, options, data, unit: "examples" },
    train: ({ onProgress, ...shared }) =>
      Captioner.train(data.train, {
        ...{ ...captionerOptions(options, begun.seed), ...shared },
        onProgress: ({ model, ...progress }) => onProgress(progress, () => sampleOf(model, data.validation)),
      }),
    measure: (model) => measureCaptioner(model, data, options.beam),
    metrics: ({ validation, test }) => ({ validation: captionerScores(validation), test: captionerScores(test) }),
    report: captionerReport,
  });
}
