import { type Data, examplesOf } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import type { ForecastRow } from "./rows.js";
import { readTime, type TimeForm, writeTime } from "./time.js";
import { describeStep, inferStep, stepsBetween, type TimeStep } from "./time-step.js";

/** One group's values at times in equal steps. */
export interface Series {
  /** undefined where rows have no groups. */
  readonly group: string | undefined;
  /** The first time. */
  readonly start: number;
  /** By column, in the order of `SeriesSet.columns`, a number a step: NaN where it is missing. */
  readonly values: readonly Float64Array[];
  /** How many steps it has. */
  readonly length: number;
}

/** All groups, on one grid of time each, with the same step. */
export interface SeriesSet {
  readonly columns: readonly string[];
  readonly series: readonly Series[];
  readonly step: TimeStep;
  readonly form: TimeForm;
}

/** What is known beforehand, from a model that was trained. */
export interface SeriesShape {
  readonly columns: readonly string[];
  readonly step: TimeStep;
  readonly form: TimeForm;
}

/** What is worth knowing of the rows and no error. */
export type Notice = (notice: string) => void;

/** A gap longer than all that is known of a series is rather a wrong time. */
const LONGEST_GAP = 1_000_000;

interface GroupRows {
  readonly times: number[];
  readonly rows: number[];
}

/**
 * Rows as series: grouped, sorted by time, brought to a grid of equal steps. Steps without a row are missing in all columns; how many is
 * said.
 *
 * @param shape columns, step and form of a model's own rows; undefined takes them from the rows
 * @throws {UnrolledError} `UNROLLED_DATA` where there are no rows, one is no row, two have the same time, or one stands between two steps.
 */
export async function seriesOf(
  data: Data<ForecastRow>,
  where: string,
  shape?: SeriesShape,
  notice: Notice = () => undefined,
): Promise<SeriesSet> {
  const table = await tableOf(data, where, shape);
  const { columns, groups, form } = table;
  const isMoment = form !== "number";
  for (const { times, rows } of groups.values()) sortByTime(times, rows);
  const step = shape?.step ?? stepOfLongest(groups, isMoment, where);
  const series = Array.from(groups, ([group, { times, rows }]) => {
    const name = group === undefined ? where : `${where}: group ${JSON.stringify(group)}`;
    return onGrid(group, times, rows, table.values, columns, step, form, name);
  });
  sayGaps(groups, series, step, isMoment, notice);
  return { columns, series, step, form };
}

interface Table {
  readonly columns: readonly string[];
  readonly groups: Map<string | undefined, GroupRows>;
  readonly values: readonly number[][];
  readonly form: TimeForm;
}

/** Rows by column; a row's number is its place in every column. */
async function tableOf(data: Data<ForecastRow>, where: string, shape: SeriesShape | undefined): Promise<Table> {
  const places = new Map((shape?.columns ?? []).map((name, place) => [name, place]));
  const values: number[][] = Array.from(places, () => []);
  const groups = new Map<string | undefined, GroupRows>();
  let form: TimeForm | undefined;
  let count = 0;
  for await (const row of examplesOf(data)) {
    const name = `${where}: row ${count + 1}`;
    checkRow(row, name);
    const time = readTime(row.time, name);
    form ??= time.form;
    if ((form === "number") !== (time.form === "number")) {
      throw new UnrolledError(
        "UNROLLED_DATA",
        `${name}: times must be all numbers or all moments, received ${JSON.stringify(row.time)} among ${form === "number" ? "numbers" : "moments"}.`,
      );
    }
    for (const [column, value] of Object.entries(row.values)) {
      const place = placeOf(column, places, values, shape !== undefined);
      if (place === undefined) continue;
      (values[place] as number[])[count] = checkedValue(value, column, name);
    }
    let group = groups.get(row.group);
    if (!group) {
      group = { times: [], rows: [] };
      groups.set(row.group, group);
    }
    group.times.push(time.at);
    group.rows.push(count++);
  }
  if (count === 0) throw new UnrolledError("UNROLLED_DATA", `${where}: expected at least one row, received none.`);
  if (shape && form && (shape.form === "number") !== (form === "number")) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${where}: the model was trained on times that are ${shape.form === "number" ? "numbers" : "moments"}, received ${form === "number" ? "numbers" : "moments"}.`,
    );
  }
  return { columns: [...places.keys()], groups, values, form: shape?.form ?? form ?? "number" };
}

/** A model's rows may have columns besides its own. */
function placeOf(column: string, places: Map<string, number>, values: number[][], fixed: boolean): number | undefined {
  const place = places.get(column);
  if (place !== undefined || fixed) return place;
  places.set(column, places.size);
  values.push([]);
  return places.size - 1;
}

/** @throws {UnrolledError} `UNROLLED_DATA` for what is no row. */
export function checkRow(row: ForecastRow, where: string): void {
  const isRow = typeof row === "object" && row !== null && typeof row.values === "object" && row.values !== null;
  if (isRow && (row.group === undefined || typeof row.group === "string")) return;
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: expected { time, values: { column: number } } with an optional \`group\` of text, received ${JSON.stringify(row)?.slice(0, 60)}.`,
  );
}

/** NaN for a missing value. */
export function checkedValue(value: number | null, column: string, where: string): number {
  if (value === null || value === undefined) return Number.NaN;
  if (typeof value === "number" && Math.abs(value) !== Number.POSITIVE_INFINITY) return value;
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: \`${column}\` must be a finite number, or null where it is missing, received ${JSON.stringify(value) ?? typeof value}.`,
  );
}

function sortByTime(times: number[], rows: number[]): void {
  if (times.every((time, index) => index === 0 || time >= (times[index - 1] as number))) return;
  const order = times.map((_, index) => index).sort((a, b) => (times[a] as number) - (times[b] as number));
  const [sortedTimes, sortedRows] = [order.map((index) => times[index] as number), order.map((index) => rows[index] as number)];
  for (let i = 0; i < order.length; i++) {
    times[i] = sortedTimes[i] as number;
    rows[i] = sortedRows[i] as number;
  }
}

function stepOfLongest(groups: ReadonlyMap<string | undefined, GroupRows>, isMoment: boolean, where: string): TimeStep {
  const longest = [...groups.values()].reduce((best, group) => (group.times.length > best.times.length ? group : best));
  const step = inferStep(longest.times, isMoment);
  if (step === undefined || ("length" in step && !(step.length >= 0))) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${where}: the step of time can't be told from ${longest.times.length} row; give at least two of a group.`,
    );
  }
  return step;
}

function onGrid(
  group: string | undefined,
  times: readonly number[],
  rows: readonly number[],
  values: readonly (readonly number[])[],
  columns: readonly string[],
  step: TimeStep,
  form: TimeForm,
  where: string,
): Series {
  const start = times[0] as number;
  const places = times.map((time) => stepsBetween(start, time, step));
  const isMoment = form !== "number";
  for (const [index, place] of places.entries()) {
    const shown = JSON.stringify(writeTime(times[index] as number, form));
    if (index > 0 && times[index] === times[index - 1]) {
      throw new UnrolledError(
        "UNROLLED_DATA",
        `${where}: two rows have the time ${shown}; keep one, or tell series apart by \`group\`.`,
      );
    }
    if (!Number.isInteger(place)) {
      throw new UnrolledError(
        "UNROLLED_DATA",
        `${where}: the step of time is ${describeStep(step, isMoment)}, but ${shown} stands between two steps; bring the rows to equal steps, ` +
          "or number them (time: 0, 1, 2 …).",
      );
    }
    if (index > 0 && place - (places[index - 1] as number) > LONGEST_GAP) {
      throw new UnrolledError(
        "UNROLLED_DATA",
        `${where}: before ${shown} more than ${LONGEST_GAP} steps are missing; look at the times, or cut the rows there.`,
      );
    }
  }
  const length = (places.at(-1) as number) + 1;
  const series = columns.map((_, column) => {
    const line = new Float64Array(length).fill(Number.NaN);
    for (const [index, place] of places.entries()) line[place] = values[column]?.[rows[index] as number] ?? Number.NaN;
    return line;
  });
  return { group, start, values: series, length };
}

function sayGaps(
  groups: ReadonlyMap<string | undefined, GroupRows>,
  series: readonly Series[],
  step: TimeStep,
  isMoment: boolean,
  notice: Notice,
): void {
  const rows = [...groups.values()].reduce((sum, { times }) => sum + times.length, 0);
  const steps = series.reduce((sum, { length }) => sum + length, 0);
  if (steps === rows) return;
  notice(
    `The step of time is ${describeStep(step, isMoment)}; ${steps - rows} of ${steps} steps have no row and count as missing.`,
  );
}
