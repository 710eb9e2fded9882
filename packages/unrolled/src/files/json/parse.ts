import { UnrolledError } from "../../errors.js";
import { decodeUtf8 } from "./utf8.js";
import type { JsonValue } from "./value.js";

/** The largest JSON text that is read, in bytes: the bound of the safetensors reference implementation for its header. */
export const maxJsonBytes = 100_000_000;

/** The deepest nesting of arrays and objects that is read; a model's own files need 4. */
const maxDepth = 64;

/** The most values that are read from one text: it bounds time and memory, which short values in a large text would not. */
const maxValues = 1_000_000;

const tooLarge = "JSON beyond what is read";

/**
 * Reads one JSON text (RFC 8259), strictly: UTF-8 without a byte-order mark, no name twice in one object (`JSON.parse` silently
 * keeps the last), no number beyond float64, nesting of at most 64, at most 100 MB and a million values.
 *
 * @param source what the bytes are, in the words of an error message: a path, say.
 * @throws UnrolledError `UNROLLED_FILE`, with the line and column.
 */
export function parseJson(bytes: Uint8Array, source: string): JsonValue {
  if (bytes.length > maxJsonBytes) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${source}: JSON of at most ${maxJsonBytes} bytes is read, received ${bytes.length} bytes.`,
    );
  }
  const reader = new JsonReader(decodeUtf8(bytes, source), source);
  return reader.readDocument();
}

class JsonReader {
  readonly #text: string;
  readonly #source: string;
  #at = 0;
  #values = 0;

  constructor(text: string, source: string) {
    this.#text = text;
    this.#source = source;
  }

  readDocument(): JsonValue {
    const value = this.#readValue(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail("the end of the text");
    return value;
  }

  #readValue(depth: number): JsonValue {
    this.#skipSpace();
    if (++this.#values > maxValues) this.#fail(`at most ${maxValues} values`, tooLarge);
    switch (this.#text[this.#at]) {
      case "{":
        return this.#readObject(this.#deeper(depth));
      case "[":
        return this.#readArray(this.#deeper(depth));
      case '"':
        return this.#readString();
      case "t":
        return this.#readWord("true", true);
      case "f":
        return this.#readWord("false", false);
      case "n":
        return this.#readWord("null", null);
      default:
        return this.#readNumber();
    }
  }

  #readObject(depth: number): ReadonlyMap<string, JsonValue> {
    const entries = new Map<string, JsonValue>();
    this.#at++;
    this.#skipSpace();
    if (this.#take("}")) return entries;
    do {
      this.#skipSpace();
      const start = this.#at;
      if (this.#text[start] !== '"') this.#fail("a name in double quotes");
      const name = this.#readString();
      if (entries.has(name)) {
        const text = `the name ${JSON.stringify(name)} stands twice in one object, the second time at ${this.#position(start)}`;
        throw new UnrolledError("UNROLLED_FILE", `${this.#source}: ${text}; keep one of them.`);
      }
      this.#skipSpace();
      if (!this.#take(":")) this.#fail('":"');
      entries.set(name, this.#readValue(depth));
      this.#skipSpace();
    } while (this.#take(","));
    if (!this.#take("}")) this.#fail('"," or "}"');
    return entries;
  }

  #readArray(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = [];
    this.#at++;
    this.#skipSpace();
    if (this.#take("]")) return items;
    do {
      items.push(this.#readValue(depth));
      this.#skipSpace();
    } while (this.#take(","));
    if (!this.#take("]")) this.#fail('"," or "]"');
    return items;
  }

  #readString(): string {
    const start = this.#at;
    let escaped = false;
    for (let at = start + 1; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x22 /* " */) {
        this.#at = at + 1;
        return escaped ? this.#unescape(start, this.#at) : this.#text.slice(start + 1, at);
      }
      if (code === 0x5c /* \ */) {
        escaped = true;
        at++;
      } else if (code < 0x20) {
        this.#at = at;
        this.#fail("a string without raw control characters");
      }
    }
    this.#at = this.#text.length;
    return this.#fail('the closing " of a string');
  }

  #unescape(start: number, end: number): string {
    try {
      return JSON.parse(this.#text.slice(start, end)) as string;
    } catch {
      this.#at = start;
      return this.#fail("a string whose escapes are those of JSON");
    }
  }

  #readWord<T extends JsonValue>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail("a value");
    this.#at += word.length;
    return value;
  }

  /** `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?` */
  #readNumber(): number {
    const start = this.#at;
    this.#take("-");
    if (this.#take("0") === false) this.#readDigits(start);
    if (this.#take(".")) this.#readDigits(start);
    if (this.#take("e") || this.#take("E")) {
      if (this.#take("+") === false) this.#take("-");
      this.#readDigits(start);
    }
    const value = Number(this.#text.slice(start, this.#at));
    if (!Number.isFinite(value)) {
      this.#at = start;
      this.#fail("a number that float64 can hold", tooLarge);
    }
    return value;
  }

  #readDigits(start: number): void {
    const first = this.#at;
    while (isDigit(this.#text.charCodeAt(this.#at))) this.#at++;
    if (this.#at === first) {
      if (first === start) this.#fail("a value");
      this.#fail("a digit");
    }
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #deeper(depth: number): number {
    if (depth === maxDepth) this.#fail(`at most ${maxDepth} arrays and objects inside each other`, tooLarge);
    return depth + 1;
  }

  #fail(expected: string, problem = "not valid JSON"): never {
    const received =
      this.#at < this.#text.length ? JSON.stringify(this.#text.slice(this.#at, this.#at + 12)) : "the end of the text";
    const text = `${problem} at ${this.#position(this.#at)}: expected ${expected}, received ${received}`;
    throw new UnrolledError("UNROLLED_FILE", `${this.#source}: ${text}.`);
  }

  #position(at: number): string {
    let line = 1;
    let lineStart = 0;
    for (let end = this.#text.indexOf("\n"); end !== -1 && end < at; end = this.#text.indexOf("\n", end + 1)) {
      line++;
      lineStart = end + 1;
    }
    return `line ${line}, column ${at - lineStart + 1}`;
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
