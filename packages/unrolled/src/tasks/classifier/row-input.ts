import { UnrolledError } from "../../errors.js";
import type { JsonObject } from "../../files/json/object.js";
import { Tensor } from "../../tensor/tensor.js";
import { RunningMoments, type Scaling, scales } from "../running-moments.js";
import { type ClassifierInput, type Row, shown } from "./examples.js";
import type { EncodedInput, InputForm, InputPart, InputSurvey } from "./input-form.js";

/** Up to so many categories a column is one number a category; above, a trained vector a category. */
const ONE_HOT_CATEGORIES = 16;
/** More than this are text, and no categories. */
const MOST_CATEGORIES = 10_000;

/** A column of numbers: less its mean in the training data, divided by its standard deviation there. */
export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
  /** Whether values were missing in training; a second number then says whether this one is. What is missing is read as the mean. */
  readonly missing: boolean;
}

/** A column of categories; what is missing, or was not there in training, is a category of its own, the one before the first. */
export interface CategoryColumn {
  readonly kind: "category";
  readonly name: string;
  readonly categories: readonly string[];
}

export type Column = NumberColumn | CategoryColumn;

/** Whether a column's categories become trained vectors. */
function isEmbedded(column: Column): boolean {
  return column.kind === "category" && column.categories.length > ONE_HOT_CATEGORIES;
}

/**
 * Rows as numbers: standardised numbers, categories as one number each, and at the end, for columns with many categories, the category's
 * index, which the network looks its vector up by.
 */
export class RowInput implements InputForm {
  readonly name = "row";
  /** Whether rows are arrays instead of records. */
  readonly unnamed: boolean;
  readonly columns: readonly Column[];
  readonly #places: readonly ReadonlyMap<string, number>[];

  constructor(unnamed: boolean, columns: readonly Column[]) {
    this.unnamed = unnamed;
    this.columns = [...columns.filter((column) => !isEmbedded(column)), ...columns.filter((column) => isEmbedded(column))];
    this.#places = this.columns.map((column) =>
      column.kind === "category" ? new Map(column.categories.map((category, place) => [category, place + 1])) : new Map(),
    );
  }

  /** @throws {UnrolledError} `UNROLLED_FILE` for what is none. */
  static fromJson(fields: JsonObject): RowInput {
    const unnamed = fields.boolean("unnamed");
    const columns = fields.array("columns", "object", { minLength: 1 }).map((column): Column => {
      const name = column.string("name");
      if (column.oneOf("kind", ["number", "category"]) === "category") {
        return { kind: "category", name, categories: column.array("categories", "string") };
      }
      const deviation = column.number("deviation", { min: Number.MIN_VALUE });
      return { kind: "number", name, mean: column.number("mean"), deviation, missing: column.boolean("missing") };
    });
    return new RowInput(unnamed, columns);
  }

  /** Numbers that a row becomes, without the indices of embedded categories. */
  get numbers(): number {
    return this.columns.reduce((total, column) => total + (isEmbedded(column) ? 0 : widthOf(column)), 0);
  }

  /** Columns that the network looks vectors up for. */
  get embedded(): readonly CategoryColumn[] {
    return this.columns.filter(isEmbedded) as CategoryColumn[];
  }

  encode(input: ClassifierInput, where: string): Float32Array {
    const row = rowOf(input, where, this.unnamed, this.columns.length);
    const known = new Set(this.columns.map(({ name }) => name));
    const strange = Object.keys(row).find((name) => !known.has(name));
    if (strange !== undefined) {
      throw new UnrolledError(
        "UNROLLED_DATA",
        `${where}: there is no column ${JSON.stringify(strange)} in what was trained on; the columns are ${[...known].join(", ")}.`,
      );
    }
    return this.#encode(row, where);
  }

  lengthOf(): number {
    return 1;
  }

  batchOf(encoded: readonly EncodedInput[]) {
    const width = encoded[0]?.length ?? 0;
    const data = new Float32Array(encoded.length * width);
    for (const [place, row] of encoded.entries()) data.set(row, place * width);
    return { x: Tensor.owning(data, [encoded.length, width]) };
  }

  /** A column that is left out is missing. */
  partsOf(input: ClassifierInput, where: string): InputPart[] {
    const row = rowOf(input, where, this.unnamed, this.columns.length);
    return this.columns.map(({ name }) => ({ part: name, without: this.#encode({ ...row, [name]: null }, where) }));
  }

  isMany(value: ClassifierInput | readonly ClassifierInput[]): value is readonly ClassifierInput[] {
    return Array.isArray(value) && (!this.unnamed || value.length === 0 || Array.isArray(value[0]));
  }

  toJson(): object {
    const { name, unnamed, columns } = this;
    return { name, unnamed, columns };
  }

  #encode(row: Row, where: string): Float32Array {
    return Float32Array.from(this.columns.flatMap((column, place) => this.#cells(column, place, row[column.name], where)));
  }

  #cells(column: Column, place: number, value: unknown, where: string): number[] {
    const isAbsent = isMissing(value);
    if (column.kind === "number") {
      if (!isAbsent && !Number.isFinite(value)) throw wrongValue(where, column, "a number, or null", value);
      const number = isAbsent ? 0 : ((value as number) - column.mean) / column.deviation;
      return column.missing ? [number, isAbsent ? 1 : 0] : [number];
    }
    if (!isAbsent && typeof value !== "string" && typeof value !== "number")
      throw wrongValue(where, column, "a text, or null", value);
    const category = isAbsent ? 0 : (this.#places[place]?.get(String(value)) ?? 0);
    if (isEmbedded(column)) return [category];
    return Array.from({ length: widthOf(column) }, (_, index) => (index === category ? 1 : 0));
  }
}

/** Looks at each column of the training rows. */
export class RowSurvey implements InputSurvey<RowInput> {
  readonly #scaling: Scaling;
  #unnamed: boolean | undefined;
  #count = 0;
  readonly #columns = new Map<string, { readonly moments: RunningMoments; readonly categories: Set<string>; seen: number }>();

  constructor(scaling: Scaling) {
    this.#scaling = scaling;
  }

  add(input: ClassifierInput, where: string): void {
    this.#unnamed ??= Array.isArray(input);
    const row = rowOf(input, where, this.#unnamed, this.#count === 0 ? undefined : this.#columns.size);
    this.#count++;
    for (const [name, value] of Object.entries(row)) {
      const column = this.#columns.get(name) ?? { moments: new RunningMoments(), categories: new Set(), seen: 0 };
      this.#columns.set(name, column);
      if (isMissing(value)) continue;
      column.seen++;
      if (typeof value === "number" && Number.isFinite(value)) column.moments.add(value);
      else if (typeof value === "string") column.categories.add(value);
      else throw wrongValue(where, { name }, "a number, a text, or null", value);
      if (column.categories.size > MOST_CATEGORIES) {
        throw wrongValue(
          where,
          { name },
          `one of at most ${MOST_CATEGORIES} categories; leave the column out, or classify it as text,`,
          value,
        );
      }
    }
  }

  finish(notice: (text: string) => void): RowInput {
    const columns: Column[] = [];
    const surveyed = [...this.#columns];
    const scaled = scales(
      surveyed.map(([, { moments }]) => moments),
      this.#scaling,
      surveyed.map(([name]) => name),
    );
    for (const [place, [name, { moments, categories, seen }]] of surveyed.entries()) {
      const absent = this.#count - seen;
      if (moments.count > 0 && categories.size > 0) {
        throw new UnrolledError(
          "UNROLLED_DATA",
          `column ${JSON.stringify(name)}: ${moments.count} values are numbers and others text, such as ` +
            `${JSON.stringify([...categories][0])}; give all as text, or null for what is missing.`,
        );
      }
      if (seen === 0) {
        notice(`Column ${JSON.stringify(name)} has no value at all, and is read as missing everywhere.`);
      } else if (absent > 0) {
        const read = categories.size > 0 ? "a category of their own" : "the column's mean, and marked as missing";
        notice(`Column ${JSON.stringify(name)}: ${absent} of ${this.#count} values are missing; they are read as ${read}.`);
      }
      columns.push(
        categories.size > 0
          ? { kind: "category", name, categories: [...categories].sort() }
          : { kind: "number", name, ...(scaled[place] as { mean: number; deviation: number }), missing: absent > 0 },
      );
    }
    if (columns.length === 0) throw new UnrolledError("UNROLLED_DATA", "Classifier.train: the rows have no columns.");
    return new RowInput(this.#unnamed ?? false, columns);
  }
}

/** Numbers that a column becomes; of an embedded one the index alone. */
function widthOf(column: Column): number {
  if (isEmbedded(column)) return 1;
  if (column.kind === "number") return column.missing ? 2 : 1;
  return column.categories.length + 1;
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (typeof value === "number" && Number.isNaN(value));
}

function rowOf(input: ClassifierInput, where: string, unnamed: boolean, columns: number | undefined): Row {
  if (Array.isArray(input) !== unnamed || typeof input !== "object" || input === null) {
    const expected = unnamed ? "an array of numbers" : "a row of columns";
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${where}: \`input\` must be ${expected} as the others are, received ${shown(input)}.`,
    );
  }
  if (unnamed && columns !== undefined && (input as readonly number[]).length !== columns) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${where}: \`input\` must have ${columns} numbers as the others have, received ${(input as readonly number[]).length}.`,
    );
  }
  return unnamed
    ? Object.fromEntries((input as readonly number[]).map((value, place) => [String(place), value]))
    : (input as Row);
}

function wrongValue(where: string, { name }: { name: string }, expected: string, value: unknown): UnrolledError {
  return new UnrolledError(
    "UNROLLED_DATA",
    `${where}: column ${JSON.stringify(name)} must be ${expected}, received ${shown(value)}.`,
  );
}
