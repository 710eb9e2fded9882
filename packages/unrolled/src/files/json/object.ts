import { UnrolledError } from "../../errors.js";
import { parseJson } from "./parse.js";
import { isJsonArray, isJsonObject, type JsonValue, showJson } from "./value.js";

/** What a number may be; without a bound, any finite number. */
export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
}

/** How long an array may be. */
export interface LengthRange {
  readonly minLength?: number;
  readonly maxLength?: number;
}

interface ItemTypes {
  readonly string: string;
  readonly number: number;
  readonly integer: number;
  readonly boolean: boolean;
  readonly object: JsonObject;
  /** Whatever it is. */
  readonly value: JsonValue;
}

/**
 * Reads a JSON file that holds one object, such as a model's `config.json`.
 *
 * ```ts
 * const config = readJsonObject(bytes, "models/whale/config.json");
 * const cell = config.oneOf("cell", ["rnn", "lstm", "gru"]);
 * const units = config.integer("units", { min: 1, max: 65536 });
 * config.finish();                                             // a field that nobody asked for is an error
 * ```
 *
 * @param source what the bytes are, in the words of an error message: a path, say.
 * @throws UnrolledError `UNROLLED_FILE` when the bytes aren't strict JSON (see `parseJson`) or not an object.
 */
export function readJsonObject(bytes: Uint8Array, source: string): JsonObject {
  const value = parseJson(bytes, source);
  if (!isJsonObject(value))
    throw new UnrolledError("UNROLLED_FILE", `${source}: must be a JSON object, received ${showJson(value)}.`);
  return new JsonObject(value, source);
}

/**
 * An object of a JSON file, whose fields are read by type. Every accessor throws an UnrolledError `UNROLLED_FILE` that names the
 * file and the field when the field is missing or not what was asked for; ask `has` first where a field may be absent.
 */
export class JsonObject {
  readonly #entries: ReadonlyMap<string, JsonValue>;
  readonly #source: string;
  readonly #path: string;
  readonly #asked = new Set<string>();
  readonly #children: JsonObject[] = [];

  /** @param path where the object stands in its file: "" for the whole file, or `training` or `layers[2]`. */
  constructor(entries: ReadonlyMap<string, JsonValue>, source: string, path = "") {
    this.#entries = entries;
    this.#source = source;
    this.#path = path;
  }

  /** Whether the field is there, be it null. It counts as asked for. */
  has(field: string): boolean {
    this.#asked.add(field);
    return this.#entries.has(field);
  }

  /** Whether the field is there and not null. It counts as asked for. */
  given(field: string): boolean {
    return this.has(field) && this.#entries.get(field) !== null;
  }

  /** All names, in the file's order. */
  fields(): string[] {
    return [...this.#entries.keys()];
  }

  string(field: string): string {
    return this.#item("string", this.#value(field, "a string"), this.#name(field), {});
  }

  boolean(field: string): boolean {
    return this.#item("boolean", this.#value(field, "true or false"), this.#name(field), {});
  }

  number(field: string, range: NumberRange = {}): number {
    return this.#item("number", this.#value(field, describeNumber("a number", range)), this.#name(field), range);
  }

  /** A whole number that float64 holds exactly. */
  integer(field: string, range: NumberRange = {}): number {
    return this.#item("integer", this.#value(field, describeNumber("an integer", range)), this.#name(field), range);
  }

  /** One of the given strings. */
  oneOf<const Choice extends string>(field: string, choices: readonly Choice[]): Choice {
    const expected =
      choices.length === 1 ? JSON.stringify(choices[0]) : `one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`;
    const value = this.#value(field, expected);
    return choices.find((choice) => choice === value) ?? this.#refuse(this.#name(field), expected, value);
  }

  /** The object inside this one. */
  object(field: string): JsonObject {
    return this.#item("object", this.#value(field, "an object"), this.#name(field), {});
  }

  /** An array whose items all have one type; `range` bounds its length, and its numbers. */
  array<Type extends keyof ItemTypes>(field: string, type: Type, range: LengthRange & NumberRange = {}): ItemTypes[Type][] {
    const expected = describeArray(range);
    const value = this.#value(field, expected);
    const name = this.#name(field);
    if (!isJsonArray(value)) return this.#refuse(name, expected, value);
    const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = range;
    if (value.length < minLength || value.length > maxLength) this.#refuse(name, expected, value);
    return value.map((item, index) => this.#item(type, item, `${name}[${index}]`, range));
  }

  /** Refuses the fields that nobody has asked for, here and in the objects inside that were read. */
  finish(): void {
    const unknown = this.fields().filter((field) => !this.#asked.has(field));
    if (unknown.length > 0) {
      const names = unknown.map((field) => `\`${this.#name(field)}\``).join(", ");
      const text =
        unknown.length === 1 ? `${names} is not a known field; remove it` : `${names} are not known fields; remove them`;
      throw new UnrolledError("UNROLLED_FILE", `${this.#source}: ${text}, or use the version that wrote the file.`);
    }
    for (const child of this.#children) child.finish();
  }

  #value(field: string, expected: string): JsonValue {
    this.#asked.add(field);
    const value = this.#entries.get(field);
    if (value === undefined)
      throw new UnrolledError("UNROLLED_FILE", `${this.#source}: \`${this.#name(field)}\` is missing; it must be ${expected}.`);
    return value;
  }

  #item<Type extends keyof ItemTypes>(type: Type, value: JsonValue, name: string, range: NumberRange): ItemTypes[Type];
  #item(type: keyof ItemTypes, value: JsonValue, name: string, range: NumberRange): ItemTypes[keyof ItemTypes] {
    switch (type) {
      case "string":
        return typeof value === "string" ? value : this.#refuse(name, "a string", value);
      case "boolean":
        return typeof value === "boolean" ? value : this.#refuse(name, "true or false", value);
      case "number":
        return typeof value === "number" && isWithin(value, range)
          ? value
          : this.#refuse(name, describeNumber("a number", range), value);
      case "integer":
        return Number.isSafeInteger(value) && isWithin(Number(value), range)
          ? Number(value)
          : this.#refuse(name, describeNumber("an integer", range), value);
      case "object": {
        if (!isJsonObject(value)) return this.#refuse(name, "an object", value);
        const child = new JsonObject(value, this.#source, name);
        this.#children.push(child);
        return child;
      }
      case "value":
        return value;
    }
  }

  #refuse(name: string, expected: string, received: JsonValue): never {
    throw new UnrolledError("UNROLLED_FILE", `${this.#source}: \`${name}\` must be ${expected}, received ${showJson(received)}.`);
  }

  #name(field: string): string {
    return this.#path === "" ? field : `${this.#path}.${field}`;
  }
}

function isWithin(value: number, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: NumberRange): boolean {
  return value >= min && value <= max;
}

function describeNumber(kind: string, { min, max }: NumberRange): string {
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  if (min !== undefined) return `${kind} of at least ${min}`;
  if (max !== undefined) return `${kind} of at most ${max}`;
  return kind;
}

function describeArray({ minLength, maxLength }: LengthRange): string {
  if (minLength !== undefined && minLength === maxLength) return `an array of ${minLength}`;
  if (minLength !== undefined && maxLength !== undefined) return `an array of ${minLength} to ${maxLength}`;
  if (minLength !== undefined) return `an array of at least ${minLength}`;
  if (maxLength !== undefined) return `an array of at most ${maxLength}`;
  return "an array";
}
