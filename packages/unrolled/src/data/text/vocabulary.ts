import { UnrolledError } from "../../errors.js";
import { codePointsOf, REPLACEMENT } from "./characters.js";

/**
 * The characters that a model knows, each with its index. Index 0 is `\uFFFD`, which stands for every character that is not among
 * them.
 */
export class Vocabulary {
  /** Characters in the order of their indices. */
  readonly symbols: readonly string[];
  readonly #indices: ReadonlyMap<number, number>;

  /** @throws {UnrolledError} `UNROLLED_DATA` where a symbol is no single character, stands twice, or the first is not `\uFFFD`. */
  constructor(symbols: readonly string[]) {
    const indices = new Map<number, number>();
    for (const [index, symbol] of symbols.entries()) {
      const points = codePointsOf(symbol);
      const point = points[0] as number;
      if (points.length !== 1 || indices.has(point) || (index === 0) !== (point === REPLACEMENT)) {
        throw new UnrolledError(
          "UNROLLED_DATA",
          `vocabulary: entry ${index} must be a single character that stands only once, and \\uFFFD the first; ` +
            `received ${JSON.stringify(symbol)}.`,
        );
      }
      indices.set(point, index);
    }
    if (symbols.length < 2) {
      throw new UnrolledError(
        "UNROLLED_DATA",
        `vocabulary: expected at least one character, received ${symbols.length} entries.`,
      );
    }
    this.symbols = symbols;
    this.#indices = indices;
  }

  /** All characters of a text, in the order of their code points. */
  static of(text: string | Int32Array): Vocabulary {
    const points = new Set(typeof text === "string" ? codePointsOf(text) : text);
    points.delete(REPLACEMENT);
    const sorted = [...points].sort((a, b) => a - b).map((point) => String.fromCodePoint(point));
    return new Vocabulary(["\ufffd", ...sorted]);
  }

  /** How many indices there are, that of unknown characters included. */
  get size(): number {
    return this.symbols.length;
  }

  /** The index of every character of a text (or of its code points); 0 for unknown ones. */
  encode(text: string | Int32Array): Int32Array {
    const points = typeof text === "string" ? codePointsOf(text) : text;
    return points.map((point) => this.#indices.get(point) ?? 0);
  }

  /** The text of some indices. */
  decode(indices: Iterable<number>): string {
    return Array.from(indices, (index) => this.symbols[index] ?? "\ufffd").join("");
  }
}
