/** The distance of two neighbours on the axis of time: whole months, whose lengths differ, or a fixed length. */
export type TimeStep = { readonly months: number } | { readonly length: number };

const SECOND = 1000;
const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The place that is `count` steps after another. */
export function stepFrom(start: number, step: TimeStep, count: number): number {
  if ("length" in step) return start + count * step.length;
  const date = new Date(start);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + count * step.months;
  const [year, month] = [Math.floor(months / 12), months - 12 * Math.floor(months / 12)];
  // a series of month ends stays one
  const day = isMonthEnd(start) ? lastDay(year, month) : Math.min(date.getUTCDate(), lastDay(year, month));
  return Date.UTC(year, month, day) + timeOfDay(start);
}

/** How many steps a place is after another: a whole number only where it is on the grid. */
export function stepsBetween(start: number, end: number, step: TimeStep): number {
  if ("length" in step) {
    const steps = (end - start) / step.length;
    // counted in 0.1, say
    return Math.abs(steps - Math.round(steps)) < 1e-6 * Math.max(1, Math.abs(steps)) ? Math.round(steps) : steps;
  }
  const steps = (monthOf(end) - monthOf(start)) / step.months;
  return stepFrom(start, step, Math.round(steps)) === end ? steps : (end - start) / (365.25 * DAY * (step.months / 12));
}

/**
 * The step of rising times: the distance that most neighbours have, the shorter one of two. Moments on the same day of their months are months
 * apart.
 */
export function inferStep(times: ArrayLike<number>, isMoment: boolean): TimeStep | undefined {
  const months = isMoment ? mostFrequent(distances(times, monthsApart)) : undefined;
  if (months !== undefined && months > 0) return { months };
  const length = mostFrequent(distances(times, (a, b) => b - a));
  return length === undefined ? undefined : { length };
}

/** Whole months between two moments, 0 where they are none. */
function monthsApart(a: number, b: number): number {
  if (timeOfDay(a) !== timeOfDay(b)) return 0;
  const onOneDay = new Date(a).getUTCDate() === new Date(b).getUTCDate();
  return onOneDay || (isMonthEnd(a) && isMonthEnd(b)) ? monthOf(b) - monthOf(a) : 0;
}

function distances(times: ArrayLike<number>, between: (a: number, b: number) => number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 1; i < times.length; i++) {
    const distance = between(times[i - 1] as number, times[i] as number);
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  return counts;
}

function mostFrequent(counts: ReadonlyMap<number, number>): number | undefined {
  const [first] = [...counts].sort(([a, timesOfA], [b, timesOfB]) => timesOfB - timesOfA || a - b);
  return first?.[0];
}

function monthOf(at: number): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}

function isMonthEnd(at: number): boolean {
  const date = new Date(at);
  return date.getUTCDate() === lastDay(date.getUTCFullYear(), date.getUTCMonth());
}

function timeOfDay(at: number): number {
  return at - Math.floor(at / DAY) * DAY;
}

/** A step in words: "1 hour", "3 months". */
export function describeStep(step: TimeStep, isMoment: boolean): string {
  if ("months" in step) return step.months % 12 === 0 ? counted(step.months / 12, "year") : counted(step.months, "month");
  if (!isMoment) return String(step.length);
  const units: readonly [number, string][] = [
    [7 * DAY, "week"],
    [DAY, "day"],
    [HOUR, "hour"],
    [MINUTE, "minute"],
    [SECOND, "second"],
  ];
  const [size, name] = units.find(([unit]) => step.length % unit === 0) ?? [1, "millisecond"];
  return counted(step.length / size, name);
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/**
 * After how many steps a series is likely to repeat itself: a year of months, quarters or weeks, a week of days, a day of hours or minutes.
 * 1 where the step tells nothing.
 */
export function seasonOf(step: TimeStep, isMoment: boolean): number {
  if ("months" in step) return step.months < 12 && 12 % step.months === 0 ? 12 / step.months : 1;
  if (!isMoment) return 1;
  const { length } = step;
  if (length < DAY) return DAY % length === 0 ? DAY / length : 1;
  if (length === DAY) return 7;
  return length === 7 * DAY ? 52 : 1;
}
