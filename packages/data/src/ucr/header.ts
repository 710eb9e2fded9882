import { dataError, show } from "../data-error.js";
import type { Line } from "../files/lines.js";

/** What the head of a `.ts` file says of its sequences. */
export interface UcrHeader {
  /** How many variables each has; undefined where the first sequence has to say. */
  readonly dimensions: number | undefined;
  /** How many values each variable has, where all sequences have as many. */
  readonly seriesLength: number | undefined;
  /** Whether the last part of a line is a class, or a number to be told. */
  readonly hasLabel: boolean;
  /** The classes; undefined where the head doesn't list them. */
  readonly labels: ReadonlySet<string> | undefined;
}

/** Reads up to `@data`. */
export async function readHeader(path: string, head: AsyncIterable<Line>): Promise<UcrHeader> {
  const fields = new Map<string, { words: string[]; place: string }>();
  for await (const { number, text } of head) {
    const line = text.trim();
    const place = `${path}:${number}`;
    if (line === "" || line.startsWith("#")) continue;
    if (!line.startsWith("@"))
      throw dataError(place, `expected @data, or another line of the head, before the first sequence, received ${show(line)}.`);
    const [name = "", ...words] = line.split(/\s+/);
    if (name.toLowerCase() === "@data") return headerOf(fields);
    fields.set(name.toLowerCase(), { words, place });
  }
  throw dataError(path, "has no @data; expected sequences in the .ts format of UCR and UEA.");
}

function headerOf(fields: ReadonlyMap<string, { words: string[]; place: string }>): UcrHeader {
  const stamps = fields.get("@timestamps");
  if (isTrue(stamps)) {
    throw dataError(
      stamps.place,
      "sequences with time stamps can't be read; expected @timeStamps false, with values in equal steps.",
    );
  }
  const classes = fields.get("@classlabel");
  const [hasClasses, ...labels] = classes?.words ?? [];
  const isUnivariate = isTrue(fields.get("@univariate"));
  return {
    dimensions: count(fields.get("@dimensions")) ?? count(fields.get("@dimension")) ?? (isUnivariate ? 1 : undefined),
    seriesLength: isTrue(fields.get("@equallength")) ? count(fields.get("@serieslength")) : undefined,
    hasLabel: hasClasses?.toLowerCase() === "true" || isTrue(fields.get("@targetlabel")),
    labels: labels.length > 0 ? new Set(labels) : undefined,
  };
}

function isTrue(field: { words: string[]; place: string } | undefined): field is { words: string[]; place: string } {
  return field?.words[0]?.toLowerCase() === "true";
}

function count(field: { words: string[]; place: string } | undefined): number | undefined {
  if (field === undefined) return undefined;
  const value = field.words[0] ?? "";
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw dataError(field.place, `expected a whole number of at least 1, received ${show(value)}.`);
}
