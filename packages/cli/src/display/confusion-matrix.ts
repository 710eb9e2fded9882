import { count } from "./quantities.js";
import { onOneLine } from "./visible-text.js";

const LONGEST_LABEL = 16;
const GAP = "  ";
/** Confusions that are named where the matrix is too large. */
const MOST_NAMED = 10;

/**
 * How often each class (row) was taken for each (column), in lines of at most `width` characters; where there are too many classes for
 * that, the most frequent confusions.
 *
 * @param confusion `[actual][predicted]`, both in the order of `labels`
 */
export function confusionMatrix(labels: readonly string[], confusion: readonly (readonly number[])[], width: number): string[] {
  const names = labels.map((label) => onOneLine(label, LONGEST_LABEL));
  const first = Math.max("actual".length, ...names.map((name) => name.length));
  const widths = names.map((name, column) => Math.max(name.length, ...confusion.map((row) => count(row[column] ?? 0).length)));
  const whole = first + widths.reduce((sum, own) => sum + GAP.length + own, 0);
  if (whole > width) return mostFrequent(names, confusion);
  const line = (head: string, cells: readonly string[]) =>
    [head.padEnd(first), ...cells.map((cell, column) => cell.padStart(widths[column] ?? 0))].join(GAP);
  return [
    `${"".padEnd(first)}${GAP}predicted`,
    line("actual", names),
    ...confusion.map((row, actual) => line(names[actual] ?? "", row.map(count))),
  ];
}

function mostFrequent(names: readonly string[], confusion: readonly (readonly number[])[]): string[] {
  const confusions = confusion
    .flatMap((row, actual) => row.map((times, predicted) => ({ actual, predicted, times })))
    .filter(({ actual, predicted, times }) => actual !== predicted && times > 0)
    .sort((one, other) => other.times - one.times)
    .slice(0, MOST_NAMED);
  if (confusions.length === 0) return ["No class was taken for another one."];
  const shown = confusions.map(({ actual, predicted, times }) => `  ${names[actual]} for ${names[predicted]}: ${count(times)}`);
  return ["Taken for another class most often, actual for predicted:", ...shown];
}
