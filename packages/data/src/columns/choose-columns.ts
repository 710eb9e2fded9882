import { dataError, show } from "../data-error.js";
import { checkKnown } from "../options.js";
import type { Records } from "../records/records.js";
import { nearName } from "./near-name.js";
import { type ColumnKind, type ColumnProfile, profileColumns } from "./profile.js";

/** What records are read for. */
export type ColumnTask = "classifier" | "tagger" | "forecaster" | "translator" | "captioner";

/** Which columns are what. What is left out is guessed. */
export interface ColumnOptions {
  /** What is given: text, a sequence, a picture, or several columns of numbers and categories. For the forecaster: columns besides those to be foretold. */
  input?: string | readonly string[];
  /** What is to be told: the label, the tags, the caption; for the forecaster one column of numbers or several. */
  target?: string | readonly string[];
  /** The forecaster's time; several columns, such as year, month, day and hour, are put together. */
  time?: string | readonly string[];
  /** Which series a record belongs to; of other tasks, which records belong together (`splitByGroup`), never guessed. */
  group?: string;
}

/** Which columns are what, chosen or guessed: plain data, so that other files can be read in the same way later. */
export interface ColumnChoice {
  /** What the records are read for. */
  readonly task: ColumnTask;
  /** What is given; for the forecaster, columns besides those to be foretold. */
  readonly input: readonly string[];
  /** What is to be told. */
  readonly target: readonly string[];
  /** None where the order of the records is the time. */
  readonly time: readonly string[];
  /** The column that says which series a record belongs to, or which records belong together. */
  readonly group: string | undefined;
  /** What each of these columns holds. */
  readonly kinds: Readonly<Record<string, ColumnKind>>;
  /** The choice in one sentence, for people. */
  readonly sentence: string;
}

const TARGET_NAMES = ["label", "labels", "class", "target", "category", "sentiment", "y", "output", "tags", "caption"];
const TRANSLATION_NAMES = ["target", "translation", "tgt", "output", "answer"];
const SOURCE_NAMES = ["source", "src", "input", "question"];
const CAPTION_NAMES = ["caption", "text", "description", "sentence", "target", "output", "answer", "label"];
const TEXT_NAMES = ["text", "review", "sentence", "content", "message", "comment", "body", "input"];
const TIME_NAMES = ["time", "date", "datetime", "timestamp", "ds", "month", "day"];
const TIME_PARTS = ["year", "month", "day", "hour", "minute"];
const GROUP_NAMES = ["group", "series", "series_id", "unique_id", "store", "item", "sensor", "station"];
const NUMBERING_NAMES = ["id", "index", "no", "no.", "row", "unnamed: 0"];
/** Numbers with no more values than this may be classes. */
const MOST_NUMERIC_CLASSES = 20;

/**
 * Says which columns are input, target, time and group, from `options` and, for what they leave open, from names and the first 1,000 records.
 *
 * @example
 * const columns = await chooseColumns(records, "classifier", { target: "stars" });
 * console.log(columns.sentence);
 * @throws {UnrolledError} `UNROLLED_DATA` for a column that isn't there, and where the target or the input can't be guessed.
 */
export async function chooseColumns(records: Records, task: ColumnTask, options: ColumnOptions = {}): Promise<ColumnChoice> {
  checkKnown("chooseColumns", options, ["input", "target", "time", "group"]);
  const given = {
    input: list(options.input),
    target: list(options.target),
    time: list(options.time),
    group: list(options.group),
  };
  const name = records.paths.length > 1 ? `${records.paths[0]} …` : (records.paths[0] ?? "data");
  checkThere(records, name, given);
  const { columns, count }: { columns: readonly ColumnProfile[]; count: number } = await profileColumns(records);
  const chosen: Chosen =
    task === "forecaster" ? forecasterColumns(columns, given) : pairColumns(columns, given, task, records.paths.length);
  if (chosen.target.length === 0 && task === "captioner" && records.format === "images") {
    throw dataError(
      name,
      "has pictures without texts; put each picture in a folder that is named by its text, or give a table with pictures' paths and texts.",
    );
  }
  if (chosen.target.length === 0) {
    throw dataError(
      name,
      `can't guess which column ${TOLD[task]}; its columns are ${records.columns.map(show).join(", ")}: name one (target).`,
    );
  }
  if (chosen.input.length === 0 && task !== "forecaster") {
    throw dataError(name, `has no column for the input besides ${chosen.target.map(show).join(", ")}; name one (input).`);
  }
  const used: readonly string[] = [
    ...chosen.input,
    ...chosen.target,
    ...chosen.time,
    ...(chosen.group === undefined ? [] : [chosen.group]),
  ];
  const kinds = Object.fromEntries(
    columns.filter((column: ColumnProfile) => used.includes(column.name)).map((column) => [column.name, column.kind]),
  );
  return { task, ...chosen, kinds, sentence: sentenceOf(name, chosen, columns, count, used) };
}

const TOLD = {
  classifier: "is the label",
  tagger: "holds the tags",
  forecaster: "is to be foretold",
  translator: "is the target",
  captioner: "is the caption",
} as const satisfies Record<ColumnTask, string>;

interface Given {
  readonly input: readonly string[];
  readonly target: readonly string[];
  readonly time: readonly string[];
  readonly group: readonly string[];
}

interface Chosen {
  readonly input: readonly string[];
  readonly target: readonly string[];
  readonly time: readonly string[];
  readonly group: string | undefined;
}

function list(names: string | readonly string[] | undefined): readonly string[] {
  return names === undefined ? [] : typeof names === "string" ? [names] : names;
}

function checkThere(records: Records, name: string, given: Given): void {
  for (const [role, columns] of Object.entries<readonly string[]>({ ...given })) {
    const absent = columns.find((column: string) => !records.columns.includes(column));
    if (absent === undefined) continue;
    const near = nearName(absent, records.columns);
    throw dataError(
      name,
      `has no column ${show(absent)} for the ${role}${near === undefined ? "" : ` (did you mean ${show(near)}?)`}; its columns are ${records.columns.map(show).join(", ")}.`,
    );
  }
}

/** Input and target of tasks that see each record by itself. */
function pairColumns(columns: readonly ColumnProfile[], given: Given, task: ColumnTask, files: number): Chosen {
  const free = columns.filter(({ name }) => !Object.values(given).flat().includes(name));
  const target = given.target.length > 0 ? given.target : guessedTarget(free, given.input.length > 0, task, files);
  const rest = free.filter(({ name, kind }) => !target.includes(name) && kind !== "empty" && kind !== "other");
  const input = given.input.length > 0 ? given.input : guessedInput(rest, task);
  return { input, target, time: given.time, group: given.group[0] };
}

function guessedTarget(free: readonly ColumnProfile[], hasInput: boolean, task: ColumnTask, files: number): readonly string[] {
  if (task === "tagger") {
    const lists = free.filter(({ kind }) => kind === "tokens");
    return names(
      lists.length > 1 || hasInput ? (named(lists, ["tags", "labels", "ner_tags", "pos_tags"]) ?? lists.at(-1)) : undefined,
    );
  }
  if (task === "translator") {
    const texts = free.filter(({ name, kind }) => isWritten(kind) && !isNumbering(name));
    return names(named(texts, TRANSLATION_NAMES) ?? texts[hasInput ? 0 : 1]);
  }
  const told = free.filter(({ kind }) => kind !== "image" && kind !== "series" && kind !== "empty" && kind !== "other");
  // A file's name is a label only where it differs from file to file.
  const tellable = told.filter(({ name }) => name !== "file" || files > 1);
  if (task === "captioner") return names(guessedCaption(tellable));
  const byName = named(tellable, TARGET_NAMES);
  if (byName !== undefined) return names(byName);
  const classes = tellable.filter(
    ({ name, kind, distinct }) =>
      (kind === "category" || name === "file" || (kind === "number" && distinct <= MOST_NUMERIC_CLASSES)) && !isNumbering(name),
  );
  return names(
    classes.findLast(({ kind }) => kind !== "number") ?? classes.at(-1) ?? (tellable.length > 1 ? tellable.at(-1) : undefined),
  );
}

function guessedInput(rest: readonly ColumnProfile[], task: ColumnTask): readonly string[] {
  if (task === "tagger") return names(rest.find(({ kind }) => kind === "tokens"));
  if (task === "translator") {
    const texts = rest.filter(({ name, kind }) => isWritten(kind) && !isNumbering(name));
    return names(named(texts, SOURCE_NAMES) ?? texts[0]);
  }
  const single = rest.find(({ kind }) => kind === "image") ?? rest.find(({ kind }) => kind === "series");
  if (single !== undefined) return names(single);
  if (task === "captioner") {
    const usable = rest.filter(({ name }) => !isNumbering(name) && name !== "file");
    const label = usable.find(({ kind }) => kind === "category");
    const numbers = usable.filter(({ kind }) => kind === "number").map(({ name }) => name);
    if (label || numbers.length > 0) return label ? [label.name] : numbers;
    return names(usable.find(({ kind }) => kind === "text"));
  }
  const texts = rest.filter(({ name, kind }) => kind === "text" && !isNumbering(name) && name !== "file");
  const longest = texts.toSorted((one, other) => other.meanLength - one.meanLength)[0];
  const text = named(texts, TEXT_NAMES) ?? longest;
  if (text !== undefined) return [text.name];
  return rest
    .filter(({ name, kind }) => (kind === "number" || kind === "category") && !isNumbering(name))
    .map(({ name }) => name);
}

/** By its name, or else the last text, or else what is longest of what comes again. */
function guessedCaption(tellable: readonly ColumnProfile[]): ColumnProfile | undefined {
  const written = tellable.filter(({ name, kind }) => (kind === "text" || kind === "category") && !isNumbering(name));
  const longest = written.toSorted((one, other) => other.meanLength - one.meanLength)[0];
  return named(written, CAPTION_NAMES) ?? written.findLast(({ kind }) => kind === "text") ?? longest;
}

/** Whether a column's values may be what a translator reads or writes. */
function isWritten(kind: ColumnKind): boolean {
  return kind === "text" || kind === "category" || kind === "number" || kind === "time";
}

function forecasterColumns(columns: readonly ColumnProfile[], given: Given): Chosen {
  const taken = Object.values(given).flat();
  const free = columns.filter(({ name }) => !taken.includes(name));
  const time = given.time.length > 0 ? given.time : guessedTime(free);
  const group =
    given.group[0] ??
    named(
      free.filter(({ kind }) => kind === "category" || kind === "number"),
      GROUP_NAMES,
    )?.name;
  const numbers = free
    .filter(({ name, kind }) => kind === "number" && !time.includes(name) && name !== group && !isNumbering(name))
    .map(({ name }) => name);
  return { input: given.input, target: given.target.length > 0 ? given.target : numbers, time, group };
}

function guessedTime(free: readonly ColumnProfile[]): readonly string[] {
  const moments = free.filter(({ kind }) => kind === "time");
  const moment = named(moments, TIME_NAMES) ?? moments[0];
  if (moment !== undefined) return [moment.name];
  const parts = TIME_PARTS.map((part) => free.find(({ name, kind }) => name.toLowerCase() === part && kind === "number")?.name);
  const missing = parts.indexOf(undefined);
  const present = parts.slice(0, missing < 0 ? parts.length : missing).filter((name) => name !== undefined);
  if (present.length >= 2) return present;
  return names(
    named(
      free.filter(({ kind }) => kind === "number"),
      TIME_NAMES,
    ),
  );
}

function named(columns: readonly ColumnProfile[], wanted: readonly string[]): ColumnProfile | undefined {
  for (const name of wanted) {
    const column = columns.find((candidate) => candidate.name.toLowerCase() === name);
    if (column !== undefined) return column;
  }
  return undefined;
}

function names(column: ColumnProfile | undefined): readonly string[] {
  return column === undefined ? [] : [column.name];
}

function isNumbering(name: string): boolean {
  return NUMBERING_NAMES.includes(name.toLowerCase());
}

function sentenceOf(
  name: string,
  chosen: Chosen,
  columns: readonly ColumnProfile[],
  count: number,
  used: readonly string[],
): string {
  const kindOf = (column: string): string => columns.find((profile) => profile.name === column)?.kind ?? "other";
  const shown = (role: string, list: readonly string[]): string[] =>
    list.length === 0 ? [] : [`${role} ${list.map((column) => `${show(column)} (${kindOf(column)})`).join(", ")}`];
  const roles = [
    ...shown("input", chosen.input),
    ...shown("target", chosen.target),
    ...shown("time", chosen.time),
    ...shown("group", chosen.group === undefined ? [] : [chosen.group]),
  ];
  if (chosen.time.length === 0 && chosen.input.length === 0) roles.push("time: the order of the records");
  const unused = columns.map((column) => column.name).filter((column) => !used.includes(column));
  if (unused.length > 0) roles.push(`not used: ${unused.map(show).join(", ")}`);
  return `${name}, by its first ${count === 1 ? "record" : `${count} records`}: ${roles.join("; ")}.`;
}
