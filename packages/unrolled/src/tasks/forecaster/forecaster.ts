import type { Data } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import { asStore, type ModelStore } from "../../files/store.js";
import type { TrainingHistory } from "../../training/history.js";
import { trainInWorker } from "../worker/train-in-worker.js";
import { type BacktestFold, type BacktestOptions, foldsOf } from "./backtest.js";
import { type EvaluateOptions, evaluateForecaster, type ForecasterMetrics } from "./evaluate.js";
import type { ForecastNetwork } from "./network.js";
import { checkOptions, type ForecasterOptions } from "./options.js";
import type { ForecasterParts, ForecasterTrainedWith } from "./plan.js";
import { type ForecastStep, type PredictOptions, predictSteps } from "./predict.js";
import type { ForecastRow } from "./rows.js";
import { readForecaster, writeForecaster } from "./stored.js";
import { ForecasterStream } from "./stream.js";
import { trainForecaster } from "./train.js";

/**
 * A recurrent network that has learned how series go on: one target or many, with other columns to read, known in advance or not, in one group
 * or many.
 */
export class Forecaster {
  /** What `loadModel` tells models apart by. */
  readonly task = "forecaster";
  readonly #parts: ForecasterParts;

  /** @internal */
  constructor(parts: ForecasterParts) {
    this.#parts = parts;
  }

  /**
   * Trains on rows, in any order. They are sorted by time and brought to equal steps; the last part of the time is validated on, and nothing of it
   * reaches the scaling.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where the rows are no series or too few, `UNROLLED_VALUE` for an option that is unknown or out of range
   * or names a column that isn't there, `UNROLLED_NOT_FINITE` where training breaks down.
   */
  static async train(rows: Data<ForecastRow>, options: ForecasterOptions = {}): Promise<Forecaster> {
    checkRows("Forecaster.train", rows);
    if (!options.worker) return new Forecaster(await trainForecaster(rows, options));
    checkOptions(options);
    return await Forecaster.load(await trainInWorker("forecaster", rows, options));
  }

  /**
   * Tests on several stretches of time, one after another, each with a model that is trained on all before it (rolling origin, Tashman 2000):
   * what a model of these options would have been worth.
   *
   * @throws {UnrolledError} as `train` and `evaluate`.
   */
  static async backtest(
    rows: readonly ForecastRow[],
    options: ForecasterOptions & BacktestOptions = {},
  ): Promise<BacktestFold[]> {
    checkRows("Forecaster.backtest", rows);
    const { folds, share, ...training } = options;
    checkOptions(training);
    const results: BacktestFold[] = [];
    for (const { from, train, upTo } of await foldsOf(rows, {
      ...(folds === undefined ? {} : { folds }),
      ...(share === undefined ? {} : { share }),
    })) {
      const model = await Forecaster.train(train, training);
      results.push({ from, metrics: await model.evaluate(upTo, { from }) });
    }
    return results;
  }

  /**
   * Loads a model that was saved. Runs no code from it.
   *
   * @throws {UnrolledError} `UNROLLED_FILE` where a file is missing, damaged or of a newer format; `UNROLLED_STATE_DICT` where its weights
   * don't fit its architecture.
   */
  static async load(store: ModelStore | Map<string, Uint8Array>): Promise<Forecaster> {
    return new Forecaster(await readForecaster(asStore(store)));
  }

  /** Windows → what comes behind them, in scaled units. */
  get network(): ForecastNetwork {
    return this.#parts.network;
  }

  /** The options that it was made and trained with, defaults filled in. */
  get trainedWith(): ForecasterTrainedWith {
    return this.#parts.trainedWith;
  }

  /** What training went through, epoch by epoch. */
  get history(): TrainingHistory {
    return this.#parts.history;
  }

  /** How many numbers were trained. */
  get parameterCount(): number {
    return this.network.parameterCount;
  }

  /**
   * Foretells what follows on rows, at least as many as the model reads (`trainedWith.context`); without rows, on those that it was trained and
   * validated on. Groups stand one after another, each with its steps in order.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where the rows are no such series, or the future of columns known in advance is missing;
   * `UNROLLED_VALUE` for an option that is unknown or out of range.
   */
  async predict(rows?: Data<ForecastRow>, options: PredictOptions = {}): Promise<ForecastStep[]> {
    if (rows !== undefined) checkRows("Forecaster.predict", rows);
    return await predictSteps(this.#parts, rows, options);
  }

  /**
   * Measures how well the model foretells rows: windows begin at every step that has a whole context before it. Missing values are not
   * measured. With the strategy `recursive` one step ahead.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where the rows are too few or no series, `UNROLLED_VALUE` for an option that is unknown or out of range.
   */
  async evaluate(rows: Data<ForecastRow>, options: EvaluateOptions = {}): Promise<ForecasterMetrics> {
    checkRows("Forecaster.evaluate", rows);
    return await evaluateForecaster(this.#parts, rows, options);
  }

  /**
   * Reads one row after another, and tells after each what the next is expected to be and how unexpected it was itself. It foretells what
   * `predict` foretells on the same rows.
   *
   * @throws {UnrolledError} `UNROLLED_VALUE` where the model has columns that are known in advance.
   */
  stream(): ForecasterStream {
    return new ForecasterStream(this.#parts);
  }

  /**
   * Saves the model: `config.json`, `context.json` (the last rows, from which `predict` goes on), `model.safetensors`, `history.jsonl` and a `README.md`,
   * all or none.
   *
   * @param store a folder (`folder` of `unrolled/node`), another store, or a map that is filled
   */
  async save(store: ModelStore | Map<string, Uint8Array>): Promise<void> {
    await writeForecaster(asStore(store), this.#parts);
  }
}

function checkRows(where: string, rows: unknown): void {
  if (Array.isArray(rows) || typeof rows === "function") return;
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: the rows must be an array of { time, values }, or a function that gives them, received ${rows === null ? "null" : typeof rows}.`,
  );
}
