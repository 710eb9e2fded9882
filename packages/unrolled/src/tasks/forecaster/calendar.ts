import { DAY, HOUR, type TimeStep } from "./time-step.js";

/** What repeats itself in a calendar, each as sine and cosine. */
export type CalendarFeature = "hour" | "weekday" | "dayOfMonth" | "dayOfYear" | "month";

export const CALENDAR_FEATURES: readonly CalendarFeature[] = ["hour", "weekday", "dayOfMonth", "dayOfYear", "month"];

/** 1970 began on a Thursday. */
const THURSDAY = 3;

/** Where in its cycle a moment stands, from 0 to below 1. */
const PHASES: Readonly<Record<CalendarFeature, (at: number) => number>> = {
  hour: (at) => fraction(at / DAY),
  weekday: (at) => fraction((Math.floor(at / DAY) + THURSDAY) / 7),
  dayOfMonth: (at) => {
    const date = new Date(at);
    const days = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    return (date.getUTCDate() - 1) / days;
  },
  dayOfYear: (at) => {
    const year = new Date(at).getUTCFullYear();
    const begin = Date.UTC(year, 0);
    return (at - begin) / (Date.UTC(year + 1, 0) - begin);
  },
  month: (at) => new Date(at).getUTCMonth() / 12,
};

/** How long each cycle is, in days. */
const CYCLES: Readonly<Record<CalendarFeature, number>> = { hour: 1, weekday: 7, dayOfMonth: 31, dayOfYear: 366, month: 366 };

/**
 * What is worth knowing of moments, by the step of time: what a step can't tell apart is left out, and so is a cycle that isn't seen twice in
 * what is trained on, since it would only tell one part of that from another.
 *
 * @param steps of the longest series that is trained on
 */
export function calendarOf(step: TimeStep, isMoment: boolean, steps: number): readonly CalendarFeature[] {
  if (!isMoment) return [];
  const days = ("months" in step ? (step.months * 365.25) / 12 : step.length / DAY) * steps;
  return tellingApart(step).filter((feature) => days >= 2 * CYCLES[feature]);
}

function tellingApart(step: TimeStep): readonly CalendarFeature[] {
  if ("months" in step) return step.months < 12 ? ["month"] : [];
  if (step.length <= 12 * HOUR) return ["hour", "weekday", "dayOfYear"];
  if (step.length <= DAY) return ["weekday", "dayOfYear"];
  return step.length < 183 * DAY ? ["dayOfYear"] : [];
}

/** Writes sine and cosine of each feature, one after another. */
export function writeCalendar(at: number, features: readonly CalendarFeature[], out: Float32Array, offset: number): void {
  for (const [index, feature] of features.entries()) {
    const angle = 2 * Math.PI * PHASES[feature](at);
    out[offset + 2 * index] = Math.sin(angle);
    out[offset + 2 * index + 1] = Math.cos(angle);
  }
}

function fraction(value: number): number {
  return value - Math.floor(value);
}

/** Features in their order, by their names. */
export function calendarFeatures(names: readonly string[]): CalendarFeature[] {
  return CALENDAR_FEATURES.filter((feature) => names.includes(feature));
}
