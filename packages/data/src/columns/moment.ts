/** ISO 8601 down to the day's fractions of a second, or slashes between year, month and day. */
const MOMENT = /^\d{4}[-/](\d{1,2})(?:[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?$/;

/** Whether a text names a moment: "1949-01", "1949-01-31", "2016/07/01", "2016-07-01 14:00", "2016-07-01T14:00:00Z". */
export function isMoment(text: string): boolean {
  const parts = MOMENT.exec(text.trim());
  if (parts === null) return false;
  const [month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 24 && minute <= 59 && second <= 60;
}
