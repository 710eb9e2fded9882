import { randomInt } from "node:crypto";
import type { ColumnChoice, ColumnTask, Records } from "@unrolled/data";
import type { Data } from "unrolled";
import type { ModelStore } from "unrolled/files";
import { folder } from "unrolled/node";
import type { TaskProgress } from "unrolled/tasks";
import { type DividedExamples, sizesInWords } from "../examples/divided-examples.js";
import { type ModelData, readModelData, storeWithData } from "../examples/model-data.js";
import { type ColumnArguments, chooseAndTell, openRecords } from "../examples/open-records.js";
import type { Host } from "../host.js";
import { releaseModelFolder } from "./model-folder.js";
import type { TrainOptions } from "./options.js";
import { placeForModel } from "./place.js";
import { type Audience, finishTraining, reportAsJson } from "./report.js";
import { type TrainedModel, type TrainingRun, trainAndSave } from "./training-run.js";

/** What is settled before the examples are read. */
export interface BegunTask {
  /** Where the model goes. */
  readonly path: string;
  readonly store: ModelStore;
  readonly records: Records;
  readonly columns: ColumnChoice;
  /** How pictures are read, where there are some. */
  readonly images: ModelData["images"];
  /** Of the split and of the training: the one given, or that of the training that is resumed, or a new one. */
  readonly seed: number;
}

/** Begins a command that trains on examples: the folder, the files, their columns, the seed. @param open opens the files. Default: of any format. @param imagesOf tells how pictures are read, for the model's file of that */
export async function beginTask(
  host: Host,
  task: ColumnTask,
  paths: readonly string[],
  options: TrainOptions & ColumnArguments,
  open: (host: Host, paths: readonly string[]) => Promise<Records> = openRecords,
  imagesOf?: (host: Host, records: Records, columns: ColumnChoice) => Promise<ModelData["images"]>,
): Promise<BegunTask> {
  const path = await placeForModel(task, paths, options);
  const store = folder(path);
  const records = await open(host, paths);
  const columns = await chooseAndTell(host, records, task, options);
  const before = options.resume ? await readModelData(store) : undefined;
  const seed = options.seed ?? before?.seed ?? randomInt(2 ** 32);
  const images = await imagesOf?.(host, records, columns);
  const data = { files: paths, columns, seed, ...(images ? { images } : {}) };
  return { path, store: storeWithData(store, data), records, columns, images, seed };
}

/** What each task's training gives to its own `train`, besides its own options. */
export interface SharedTraining<E> {
  readonly validation: Data<E>;
  readonly checkpoints: ModelStore;
  readonly signal: AbortSignal;
  readonly onNotice: (notice: string) => void;
  /** To be called after every step, with what gives a sample of the model's writing, of tasks that write. */
  readonly onProgress: (progress: TaskProgress, sample?: () => string) => void;
}

/** How a task on examples is trained, measured and told of. */
interface TaskTraining<E, M extends TrainedModel, R extends { readonly baseline: Readonly<Record<string, object>> }> {
  /** How the user calls this command. */
  readonly program: string;
  readonly options: TrainOptions;
  readonly data: DividedExamples<E>;
  /** What an example is, in the plural. */
  readonly unit: string;
  /** What the network reads side by side, in the plural. Default: the same. */
  readonly speedUnit?: string;
  readonly train: (shared: SharedTraining<E>) => Promise<M>;
  /** What the model comes to on the validation and the test data; asked for where training wasn't interrupted. */
  readonly measure: (model: M) => Promise<R>;
  /** The measures by part and name, for the JSON object. */
  readonly metrics: (measures: R) => { readonly validation: object; readonly test: object };
  /** What the user reads at the end. */
  readonly report: (run: TrainingRun<M>, measures: R | undefined, audience: Audience) => string;
}

/** Trains, saves, measures and reports; gives the exit code. */
export async function trainTask<E, M extends TrainedModel, R extends { readonly baseline: Readonly<Record<string, object>> }>(
  host: Host,
  { path, store }: BegunTask,
  task: TaskTraining<E, M, R>,
): Promise<number> {
  const { options, data, unit, speedUnit = unit, program } = task;
  const json = options.json === true;
  host.messages.write(`${sizesInWords(data, unit)}\n\n`);
  if (options.overwrite) await releaseModelFolder(path);
  const run = await trainAndSave(host, {
    ...{ store, json },
    train: ({ signal, onNotice, onStep }) =>
      task.train({
        ...{ validation: data.validation, checkpoints: store, signal, onNotice },
        onProgress: ({ examplesPerSecond, ...step }, sample) =>
          onStep({ ...step, unit: speedUnit, perSecond: examplesPerSecond }, sample),
      }),
  });
  return await finishTraining(host, run, async (ended) => {
    // whoever interrupts does not want to wait
    const measures = ended.interrupted ? undefined : await task.measure(ended.model);
    if (!json) return task.report(ended, measures, { folder: path, program, width: (host.results.columns ?? 81) - 1 });
    const metrics = { train: trainingMetrics(ended), ...(measures ? task.metrics(measures) : validationMetrics(ended)) };
    return reportAsJson(ended, { metrics, baseline: measures?.baseline ?? {} }, path);
  });
}

/** Of the epoch that the weights are of, as they were while it was trained. */
function trainingMetrics({ model: { history } }: TrainingRun): object {
  const epoch = history.epochs.find((one) => one.epoch === history.best?.epoch) ?? history.epochs.at(-1);
  return { loss: epoch?.loss, ...epoch?.metrics };
}

/** What is known of the validation without measuring. */
function validationMetrics({ model: { history }, validationLoss }: TrainingRun): object {
  return validationLoss === undefined
    ? {}
    : { validation: { loss: validationLoss, ...history.epochs.at(-1)?.validationMetrics } };
}
