import { beforeAll, describe, expect, it } from "vitest";
import { plain } from "../../layers/testing/plain.js";
import { RandomStream } from "../../tensor/random.js";
import { Forecaster } from "./forecaster.js";
import type { ForecasterOptions } from "./options.js";
import type { ForecastRow } from "./rows.js";
import { splitRows } from "./split.js";
import { bitsOf, quick, wave, waveRows } from "./testing/waves.js";

const weightsOf = (model: Forecaster) => plain(model.network.stateDict());
const rows = waveRows(240);
let model: Forecaster;

beforeAll(async () => {
  model = await Forecaster.train(rows, { ...quick, horizon: 6, steps: 400, intervals: "none", learningRate: 0.01 });
});

describe("Forecaster.train", () => {
  it("learns a wave: its forecast of half a period is off by less than 0.05, where the last value is off by 2.3", async () => {
    const forecast = await model.predict();
    expect(forecast.map(({ time }) => time)).toEqual([240, 241, 242, 243, 244, 245]);
    for (const { time, values } of forecast) expect(Math.abs((values.y as number) - wave(time as number))).toBeLessThan(0.05);
    const { rmse, baseline } = await model.evaluate(waveRows(300), { from: 240 });
    expect(rmse).toBeLessThan(0.05);
    expect(baseline.lastValue.rmse).toBeGreaterThan(2);
    expect(baseline.seasonalNaive.rmse).toBeLessThan(1e-6);
  });

  it("gives the same bits for the same seed, and others for another", async () => {
    const options = { ...quick, horizon: 2 };
    expect(await bitsOf(await Forecaster.train(rows, options))).toEqual(await bitsOf(await Forecaster.train(rows, options)));
    expect(weightsOf(await Forecaster.train(rows, { ...options, seed: 8 }))).not.toEqual(
      weightsOf(await Forecaster.train(rows, options)),
    );
  });

  it("lets nothing of what is validated on reach weights and scaling; it only tells when to stop", async () => {
    const { train } = await splitRows(rows, 0.1);
    const changed = rows.map((row, index) => (index < train.length ? row : { ...row, values: { y: 1e4 * (index % 3) } }));
    for (const windowScaling of ["none", "standard"] as const) {
      const options: ForecasterOptions = { ...quick, steps: 12, horizon: 2, windowScaling };
      expect(weightsOf(await Forecaster.train(changed, options))).toEqual(weightsOf(await Forecaster.train(rows, options)));
    }
  });

  it("validates on rows of its own as on the end of the same rows", async () => {
    const { train, validation } = await splitRows(rows, 0.1);
    const apart = await Forecaster.train(train, { ...quick, validation });
    expect(await bitsOf(apart)).toEqual(await bitsOf(await Forecaster.train(rows, { ...quick, validation: 0.1 })));
    await expect(Forecaster.train(validation, { ...quick, validation: train })).rejects.toThrow(
      "must come after those that are trained on",
    );
  });

  it("doesn't depend on the order of the rows", async () => {
    const mixed = [...rows].sort((a, b) => ((37 * (a.time as number)) % 240) - ((37 * (b.time as number)) % 240));
    expect(await bitsOf(await Forecaster.train(mixed, quick))).toEqual(await bitsOf(await Forecaster.train(rows, quick)));
  });

  it("resumed gives the bits of a run that was never interrupted", async () => {
    const checkpoints = new Map<string, Uint8Array>();
    await Forecaster.train(rows, { ...quick, steps: 13, checkpoints });
    const resumed = await Forecaster.train(rows, { ...quick, steps: 20, checkpoints, resume: true });
    expect(await bitsOf(resumed)).toEqual(await bitsOf(await Forecaster.train(rows, { ...quick, steps: 20 })));
    const other = waveRows(239);
    await expect(Forecaster.train(other, { ...quick, steps: 21, checkpoints, resume: true })).rejects.toThrow("another training");
  });

  it("learns around missing values: no loss, weight or forecast is NaN", async () => {
    const holes = rows
      .map((row, index) => (index % 7 === 3 ? { ...row, values: { y: null } } : row))
      .filter((_, index) => index % 31 !== 5);
    const notices: string[] = [];
    const trained = await Forecaster.train(holes, { ...quick, horizon: 3, onNotice: (notice) => notices.push(notice) });
    expect(notices[0]).toContain("steps have no row and count as missing");
    expect(
      trained.history.epochs.every(({ loss, validationLoss }) => Number.isFinite(loss) && Number.isFinite(validationLoss)),
    ).toBe(true);
    for (const { values, lower, upper } of await trained.predict()) {
      expect(lower?.y).toBeLessThanOrEqual(values.y as number);
      expect(upper?.y).toBeGreaterThanOrEqual(values.y as number);
    }
    expect((await trained.evaluate(holes)).mae).toBeGreaterThan(0);
  });

  it("says what is wrong with options and rows, and how to mend it", async () => {
    const failure = (options: ForecasterOptions, given: readonly ForecastRow[] = rows) =>
      expect(Forecaster.train(given, options)).rejects;
    await failure({ horizons: 3 } as ForecasterOptions).toThrow("there is no option `horizons`");
    await failure({ horizon: 0 }).toThrow("`horizon` must be a whole number of at least 1");
    await failure({ targets: ["z"] }).toThrow('`targets` names "z", but the rows\' columns are y');
    await failure({ targets: ["y"], known: ["y"] }).toThrow("`y` is named twice");
    await failure({ known: ["y"] }).toThrow("nothing is left to foretell");
    await failure({ context: 10, patch: 3 }).toThrow("`patch` must divide the context of 10 steps, received 3; set context: 9");
    await failure({ level: 1 }).toThrow("`level` must be between 0 and 1");
    await failure({ level: 0.9, intervals: "none" }).toThrow("`level` is for a forecast with bounds");
    await failure({ loss: "absolute" }).toThrow("`loss` is for a forecast without bounds");
    await failure({ strategy: "recursive", intervals: "quantile" }).toThrow('set intervals: "gaussian" or "none"');
    await failure({ context: 300 }).toThrow("a series must have at least 301 steps to train on");
    await failure({ validation: 0.01, horizon: 30 }).toThrow("the part to validate on must have at least 30 steps");
    await failure({}, "rows" as unknown as ForecastRow[]).toThrow("the rows must be an array of { time, values }");
    await failure(
      { strategy: "recursive", targets: ["y"] },
      rows.map(({ time, values }) => ({ time, values: { ...values, x: 1 } })),
    ).toThrow("nobody foretells x");
  });
});

describe("Forecaster.evaluate", () => {
  it("measures what predict foretells", async () => {
    const { context } = model.trainedWith;
    const before = rows.slice(100, 100 + context);
    const forecast = await model.predict(before);
    const errors = forecast.map(({ values }, ahead) => (values.y as number) - wave(100 + context + ahead));
    const { mae, rmse, windows, targets } = await model.evaluate(rows.slice(100, 100 + context + 6));
    expect(windows).toBe(1);
    expect(mae).toBeCloseTo(errors.reduce((sum, error) => sum + Math.abs(error), 0) / 6, 5);
    expect(rmse).toBeCloseTo(Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / 6), 5);
    expect(targets.y?.mae).toBe(mae);
  });

  it("foretells nothing before `from`, and every so many steps from there", async () => {
    expect((await model.evaluate(rows, { from: 200 })).windows).toBe(35);
    expect((await model.evaluate(rows, { from: 200, every: 7 })).windows).toBe(5);
  });

  it("counts how much lies within bounds that were learned: about as much as was asked for", async () => {
    const random = new RandomStream(3, "sampling");
    const noisy = Array.from({ length: 900 }, (_, time) => ({ time, values: { y: wave(time) + random.normal() } }));
    for (const intervals of ["quantile", "gaussian"] as const) {
      const trained = await Forecaster.train(noisy.slice(0, 600), { ...quick, steps: 250, batchSize: 32, intervals, level: 0.8 });
      const { coverage, rmse } = await trained.evaluate(noisy, { from: 600 });
      expect(coverage).toBeGreaterThan(0.7);
      expect(coverage).toBeLessThan(0.9);
      expect(rmse).toBeLessThan(1.3);
    }
  });

  it("refuses rows that are too few, or have no such times", async () => {
    await expect(model.evaluate(rows.slice(0, 10))).rejects.toThrow(
      "expected a series of at least 18 steps (12 that are read, 6 that are foretold), received 10",
    );
    await expect(model.evaluate([{ time: "2000-01", values: { y: 1 } }])).rejects.toThrow(
      "trained on times that are numbers, received moments",
    );
  });
});

describe("Forecaster.predict", () => {
  it("goes on from any rows, in as many steps as are asked for", async () => {
    const forecast = await model.predict(waveRows(50), { horizon: 2 });
    expect(forecast.map(({ time }) => time)).toEqual([50, 51]);
    await expect(model.predict(rows, { horizon: 7 })).rejects.toThrow(
      "`horizon` is at most 6, what the model was trained for, received 7",
    );
    await expect(model.predict(rows, { seed: 1 })).rejects.toThrow(
      '`seed` is for models of the strategy "recursive" with bounds',
    );
    await expect(model.predict(rows, { future: rows })).rejects.toThrow("`future` is for models that were trained with columns");
    await expect(model.predict(waveRows(5))).rejects.toThrow("the model reads 12 steps before it foretells, received 5");
  });

  it("answers group by group, with times as they were written", async () => {
    const monthly = ["north", "south"].flatMap((group, place) =>
      Array.from({ length: 60 }, (_, month) => ({
        time: `${2000 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`,
        values: { y: wave(month) + 100 * place },
        group,
      })),
    );
    const trained = await Forecaster.train(monthly, { ...quick, horizon: 2, windowScaling: "standard" });
    const forecast = await trained.predict();
    expect(forecast.map(({ group, time }) => [group, time])).toEqual([
      ["north", "2005-01"],
      ["north", "2005-02"],
      ["south", "2005-01"],
      ["south", "2005-02"],
    ]);
    expect(forecast[2]?.values.y).toBeGreaterThan(90);
  });

  it("reads what is known in advance, and asks for it", async () => {
    const random = new RandomStream(5, "sampling");
    const shop = Array.from({ length: 300 }, (_, time) => {
      const sale = random.uniform() < 0.3 ? 1 : 0;
      return { time, values: { sold: 10 + 5 * sale, sale } };
    });
    const trained = await Forecaster.train(shop, {
      ...quick,
      known: ["sale"],
      horizon: 2,
      steps: 400,
      learningRate: 0.01,
      intervals: "none",
      context: 4,
    });
    const future = [0, 1].map((sale, ahead) => ({ time: 300 + ahead, values: { sale } }));
    const [first, second] = await trained.predict(undefined, { future });
    expect(Math.abs((first?.values.sold as number) - 10)).toBeLessThan(1);
    expect(Math.abs((second?.values.sold as number) - 15)).toBeLessThan(1);
    await expect(trained.predict()).rejects.toThrow("`future` has no value for it at 300");
    expect(() => trained.stream()).toThrow("the model reads sale of the step to come");
  });

  it("reads other columns that lead the target", async () => {
    const random = new RandomStream(6, "sampling");
    const leads = Array.from({ length: 301 }, () => random.normal());
    const led = Array.from({ length: 300 }, (_, time) => ({
      time,
      values: { y: leads[time] as number, x: leads[time + 1] as number },
    }));
    const trained = await Forecaster.train(led, {
      ...quick,
      targets: ["y"],
      steps: 400,
      learningRate: 0.01,
      intervals: "none",
      context: 4,
    });
    const { rmse, baseline } = await trained.evaluate(led, { from: 270 });
    expect(rmse).toBeLessThan(0.3);
    expect(baseline.lastValue.rmse).toBeGreaterThan(1);
  });

  it("step by step goes as far as it is asked to, with bounds that widen, the same each time", async () => {
    const random = new RandomStream(9, "sampling");
    let level = 0;
    const walk = Array.from({ length: 500 }, (_, time) => {
      level += random.normal();
      return { time, values: { y: level } };
    });
    const trained = await Forecaster.train(walk, {
      ...quick,
      context: 4,
      strategy: "recursive",
      horizon: 3,
      steps: 200,
      batchSize: 32,
    });
    const forecast = await trained.predict(undefined, { horizon: 16 });
    const width = (ahead: number) => (forecast[ahead]?.upper?.y as number) - (forecast[ahead]?.lower?.y as number);
    expect(forecast).toHaveLength(16);
    // those of a random walk are wider by √16
    expect(width(0)).toBeGreaterThan(1.8);
    expect(width(0)).toBeLessThan(3.5);
    expect(width(15) / width(0)).toBeGreaterThan(2.2);
    expect(await trained.predict(undefined, { horizon: 16 })).toEqual(forecast);
    expect(await trained.predict(undefined, { horizon: 16, seed: 1 })).not.toEqual(forecast);
    expect(await trained.predict()).toHaveLength(3);
  });

  it("foretells many targets, together or apart", async () => {
    const both = rows.map(({ time, values }) => ({ time, values: { y: values.y as number, z: 50 - 3 * (values.y as number) } }));
    for (const apart of [false, true]) {
      const trained = await Forecaster.train(both, {
        ...quick,
        apart,
        horizon: 3,
        steps: 400,
        learningRate: 0.01,
        intervals: "none",
      });
      for (const { time, values } of await trained.predict()) {
        expect(Math.abs((values.y as number) - wave(time as number))).toBeLessThan(0.2);
        expect(Math.abs((values.z as number) - (50 - 3 * wave(time as number)))).toBeLessThan(0.6);
      }
    }
  });
});

describe("Forecaster.stream", () => {
  it("expects of each reading what predict foretells for it", async () => {
    const trained = await Forecaster.train(rows, { ...quick, intervals: "gaussian" });
    const stream = trained.stream();
    for (let time = 0; time < 40; time++) {
      const [foretold] = time < 12 ? [] : await trained.predict(rows.slice(Math.max(0, time - 20), time));
      expect(stream.step(rows[time] as ForecastRow).expected).toEqual(foretold);
    }
  });

  it("finds the reading that doesn't belong", () => {
    const stream = model.stream();
    const scores = Array.from(
      { length: 100 },
      (_, time) => stream.step({ time, values: { y: wave(time) + (time === 60 ? 1 : 0) } }).score,
    );
    expect(scores.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => undefined));
    const usual = scores.slice(12, 60) as number[];
    expect(scores[60]).toBeGreaterThan(5 * Math.max(...usual));
  });

  it("counts steps that were left out as missing, and refuses to go back", () => {
    const stream = model.stream();
    for (let time = 0; time < 20; time++) stream.step({ time, values: { y: wave(time) } });
    expect(stream.step({ time: 22, values: { y: null } }).score).toBeUndefined();
    expect(stream.step({ time: 1e6, values: { y: 9 } }).next?.time).toBe(1e6 + 1);
    expect(() => stream.step({ time: 30, values: { y: 1 } })).toThrow(
      "Forecaster.stream: times must rise in steps of 1, received 30",
    );
    stream.reset();
    expect(stream.step({ time: 30, values: { y: 1 } }).next).toBeUndefined();
  });
});

describe("Forecaster.backtest", () => {
  it("tests each stretch with a model that was trained on what is before it alone", async () => {
    const options: ForecasterOptions = { ...quick, horizon: 2 };
    const folds = await Forecaster.backtest(rows, { ...options, folds: 2, share: 0.2 });
    expect(folds.map(({ from }) => from)).toEqual([144, 192]);
    const first = await Forecaster.train(rows.slice(0, 144), options);
    expect(folds[0]?.metrics).toEqual(await first.evaluate(rows.slice(0, 192), { from: 144 }));
    await expect(Forecaster.backtest(rows, { folds: 3, share: 0.4 })).rejects.toThrow(
      "`share` times 3 folds must be above 0 and below 1",
    );
  });
});
