import { type Command, Option } from "commander";
import { Forecaster } from "unrolled/tasks";
import { addColumnOptions, addSeriesOptions } from "../examples/open-records.js";
import { divideRows } from "../forecaster/divided-rows.js";
import { drawingsOf, drawnForecasts, writePictures } from "../forecaster/drawings.js";
import { columnArguments, type ForecasterTrainOptions, forecasterOptions } from "../forecaster/options.js";
import { forecasterReport, forecasterScores, measureForecaster } from "../forecaster/report.js";
import type { Host } from "../host.js";
import { decimalNumber, wholeNumber } from "../option-values.js";
import {
  addHeldOutOptions,
  addModelOptions,
  addOutputOptions,
  addPatienceOption,
  addTrainingOptions,
  type DefaultsInWords,
} from "../training/options.js";
import { beginTask, trainTask } from "../training/task.js";

const DEFAULTS: DefaultsInWords = {
  validation: "0.1, the last but the test's",
  test: "0.1, the last",
  cell: "gru",
  units: "16 to 64 by the rows",
  layers: "1",
  dropout: "0.1",
  epochs: "at most 10 to 200 by the rows",
  batch: "16 to 64 by the rows",
  learningRate: "0.002",
};

/** `unrolled train forecaster <data…>`: from rows in the order of time to a network that foretells the next. */
export function addTrainForecasterCommand(train: Command, host: Host, answer: (code: number) => void): void {
  const program = train.parent?.name() ?? "unrolled";
  const call = `${program} train forecaster`;
  const atLeastOne = wholeNumber({ minimum: 1 });
  const command = train
    .command("forecaster")
    .summary("learn how a series of numbers goes on")
    .description("Trains a network to foretell how series of numbers go on, with bounds, and saves it.")
    .argument("<data...>", "CSV, TSV, JSONL or Parquet files (.gz too), a row for each time");
  addColumnOptions(command, { input: "columns that are read besides the target", target: "columns to be foretold" });
  addSeriesOptions(command)
    .option("--known <column...>", "columns read whose future is known in advance, such as holidays")
    .option("--horizon <steps>", "how far to foretell (default: 1)", atLeastOne)
    .option("--context <steps>", "how far to read back (default: three seasons, two horizons or 24, what is most)", atLeastOne)
    .option(
      "--season <steps>",
      "after how many steps the series repeats itself (default: by the time, 24 for hours, say)",
      atLeastOne,
    );
  addHeldOutOptions(command, DEFAULTS);
  addModelOptions(command, DEFAULTS)
    .addOption(
      new Option("--strategy <kind>", "all steps at once, or each from those before it (default: direct)").choices([
        ...["direct", "recursive"],
      ]),
    )
    .option("--apart", "reads each target by itself")
    .addOption(new Option("--scaling <kind>", "of columns (default: standard)").choices(["standard", "log", "none"]))
    .addOption(
      new Option("--window-scaling <kind>", "what each window is brought to (default: last)").choices([
        "none",
        "last",
        "mean",
        "standard",
      ]),
    )
    .addOption(
      new Option("--intervals <kind>", "where bounds come from (default: quantile)").choices(["none", "quantile", "gaussian"]),
    )
    .option(
      "--level <share>",
      "how much of the truth lies within the bounds (default: 0.8)",
      decimalNumber({ above: 0, below: 1 }),
    );
  addTrainingOptions(command, DEFAULTS, "windows");
  addPatienceOption(command, "a tenth of the epochs");
  addOutputOptions(command)
    .option("--svg <file>", "draw what it foretells behind the last row into a picture")
    .addHelpText(
      "after",
      `
Examples:
  ${call} passengers.csv --horizon 12
  ${call} load.csv --target load --input temperature --horizon 24 --svg load.svg
  ${call} shops.csv --time date --group shop --target sales --known holiday --horizon 7
  ${call} 2023.csv --test 2024.csv --json`,
    )
    .action(async (data: string[], options: ForecasterTrainOptions) =>
      answer(await trainForecaster(host, program, data, options)),
    );
}

async function trainForecaster(host: Host, program: string, paths: string[], options: ForecasterTrainOptions): Promise<number> {
  const begun = await beginTask(host, "forecaster", paths, { ...options, ...columnArguments(options) });
  const { records, columns, seed } = begun;
  const steps = options.strategy === "recursive" ? 1 : (options.horizon ?? 1);
  const data = await divideRows(host, records, columns, options, steps);
  return await trainTask(host, begun, {
    ...{ program, options, data, unit: "rows", speedUnit: "windows" },
    train: (shared) => Forecaster.train(data.train, { ...forecasterOptions(options, columns, seed), ...shared }),
    measure: async (model) => {
      const measures = await measureForecaster(model, data);
      const rows = [...data.train, ...data.validation, ...data.test];
      const drawings = drawingsOf(model.trainedWith.targets, rows, measures.forecast);
      if (options.svg !== undefined) {
        const pictures = await writePictures(options.svg, drawings);
        for (const file of pictures) host.messages.write(`The forecast is drawn in ${file}.\n`);
      }
      return { ...measures, drawn: drawnForecasts(host, drawings) };
    },
    metrics: ({ validation, test }) => ({ validation: forecasterScores(validation), test: forecasterScores(test) }),
    report: (run, measures, audience) =>
      forecasterReport(run, measures, audience, { files: paths, drawn: measures?.drawn ?? [] }),
  });
}
