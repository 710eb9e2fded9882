import { UnrolledError } from "../../../errors.js";
import { byteSpelling } from "./byte-alphabet.js";
import { cutIntoWords } from "./cut.js";
import { MergeTable, MOST_PIECES } from "./merge.js";
import { normalized } from "./normalize.js";
import { PieceWriter } from "./piece-writer.js";
import type { PieceRules } from "./rules.js";
import { bytePiece, dropsFirstSpace, type WrittenPiece, writtenPiece } from "./spelling.js";

/** Words whose pieces are kept, since most words of a text are those that stood in it before. */
const KEPT_WORDS = 50_000;
/** Longer words hardly ever come again. */
const KEPT_LENGTH = 64;

/** What stands for a character that there is no piece for. */
const NO_PIECE = -1;

/**
 * Cuts a text into pieces that are longer the more often they stood in the text that they were learned from: byte-pair encoding (Gage 1994;
 * Sennrich et al. 2016). `trainPieces` learns one, `readTokenizer` of `unrolled/files` reads one from a `tokenizer.json`.
 *
 * One that was learned here works on bytes (Radford et al. 2019): it has a piece for everything, and the text of a text's pieces is
 * the very text.
 */
export class PieceTokenizer {
  /** @internal What it does, as data. */
  readonly rules: PieceRules;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #merges: MergeTable;
  readonly #isOfBytes: boolean;
  readonly #added: RegExp | undefined;
  /** By the byte; undefined where bytes have no pieces. */
  readonly #byteIds: Int32Array | undefined;
  readonly #words = new Map<string, Int32Array>();
  readonly #written: (WrittenPiece | undefined)[] = [];
  readonly #dropsFirstSpace: boolean;

  /** @internal @throws {UnrolledError} `UNROLLED_DATA` where a piece stands twice, or what two merged ones become is no piece. */
  constructor(rules: PieceRules) {
    this.rules = rules;
    this.#ids = idsOf(rules.pieces);
    this.#merges = new MergeTable(rules.merges, this.#mergedPieces());
    this.#isOfBytes = rules.cuts.some(({ type }) => type === "ByteLevel");
    this.#added = addedPattern(rules);
    this.#byteIds = rules.byteFallback ? this.#idsOfBytes() : undefined;
    this.#dropsFirstSpace = dropsFirstSpace(rules.decoders);
  }

  /** The pieces by their ids, as they are spelled in a `tokenizer.json`. */
  get pieces(): readonly string[] {
    return this.rules.pieces;
  }

  /**
   * The ids of a text's pieces. Where there is no piece for a character (never with bytes) it is that of the unknown piece, or −1 where
   * there is none either. Half of a surrogate pair is read as U+FFFD.
   */
  encode(text: string): Int32Array {
    let ids = new Int32Array(1024);
    let count = 0;
    const add = (more: Int32Array) => {
      if (count + more.length > ids.length) {
        const larger = new Int32Array(2 * (count + more.length));
        larger.set(ids.subarray(0, count));
        ids = larger;
      }
      ids.set(more, count);
      count += more.length;
    };
    const { normalizers, cuts } = this.rules;
    let isFirst = true;
    for (const stretch of this.#stretches(text.replace(/\p{Surrogate}/gu, "\ufffd"))) {
      if (typeof stretch === "number") add(Int32Array.of(stretch));
      else for (const word of cutIntoWords(normalized(stretch, normalizers), cuts, isFirst)) add(this.#piecesOf(word));
      isFirst = false;
    }
    return ids.slice(0, count);
  }

  /** The text of some pieces; U+FFFD for an id that there is no piece for, and for bytes that make no character. */
  decode(ids: Iterable<number>): string {
    const writer = this.writer();
    let text = "";
    for (const id of ids) text += writer.write(id);
    return text + writer.end();
  }

  /**
   * Writes pieces as a text, one at a time.
   *
   * @param before the text that it goes on with
   */
  writer(before = ""): PieceWriter {
    const writer = new PieceWriter((id) => this.written(id), this.#dropsFirstSpace);
    if (before !== "") writer.goOnAfter(before, this.encode(before));
    return writer;
  }

  /** @internal What a piece adds to a text. */
  written(id: number): WrittenPiece {
    const piece = this.pieces[id];
    if (piece === undefined) return { bytes: new TextEncoder().encode("\ufffd"), endsWord: false };
    this.#written[id] ??= writtenPiece(piece, this.rules.decoders);
    return this.#written[id];
  }

  /** A text in stretches between added pieces, which are given by their ids. */
  #stretches(text: string): readonly (string | number)[] {
    const added = this.#added;
    if (!added) return [text];
    // with the pattern in brackets, what it finds stands at odd places
    return text
      .split(added)
      .map((part, place) => (place % 2 === 1 ? (this.#ids.get(part) as number) : part))
      .filter((part) => part !== "");
  }

  #piecesOf(word: string): Int32Array {
    const kept = this.#words.get(word);
    if (kept) return kept;
    const symbols = this.#mergedSymbols(this.#isOfBytes ? byteSpelling(word) : word);
    if (word.length <= KEPT_LENGTH) {
      if (this.#words.size >= KEPT_WORDS) this.#words.clear();
      this.#words.set(word, symbols);
    }
    return symbols;
  }

  #mergedSymbols(word: string): Int32Array {
    const whole = this.rules.ignoreMerges ? this.#ids.get(word) : undefined;
    if (whole !== undefined) return Int32Array.of(whole);
    const symbols = this.#symbolsOf(word);
    return symbols.slice(0, this.#merges.apply(symbols));
  }

  /** The characters of a word as pieces, before any is merged. */
  #symbolsOf(word: string): Int32Array {
    const { continuingSubwordPrefix = "", endOfWordSuffix = "", fuseUnknown, unknown } = this.rules;
    const characters = Array.from(word);
    const symbols: number[] = [];
    for (const [place, character] of characters.entries()) {
      const before = place === 0 ? "" : continuingSubwordPrefix;
      const behind = place === characters.length - 1 ? endOfWordSuffix : "";
      const id = this.#ids.get(before + character + behind);
      if (id !== undefined) symbols.push(id);
      else if (this.#byteIds) symbols.push(...this.#bytesOf(before + character + behind));
      else if (!fuseUnknown || unknown === undefined || symbols.at(-1) !== unknown) symbols.push(unknown ?? NO_PIECE);
    }
    return Int32Array.from(symbols);
  }

  #bytesOf(symbol: string): number[] {
    return Array.from(new TextEncoder().encode(symbol), (byte) => this.#byteIds?.[byte] ?? NO_PIECE);
  }

  #idsOfBytes(): Int32Array | undefined {
    const ids = Int32Array.from({ length: 256 }, (_, byte) => this.#ids.get(bytePiece(byte)) ?? NO_PIECE);
    return ids.includes(NO_PIECE) ? undefined : ids;
  }

  /** What each two merged pieces become: the piece that is spelled as both. */
  #mergedPieces(): Int32Array {
    const { pieces, merges, continuingSubwordPrefix = "" } = this.rules;
    return Int32Array.from({ length: merges.length / 2 }, (_, rank) => {
      const [left = "", right = ""] = [pieces[merges[2 * rank] as number], pieces[merges[2 * rank + 1] as number]];
      const continued = right.startsWith(continuingSubwordPrefix) ? right.slice(continuingSubwordPrefix.length) : right;
      const merged = this.#ids.get(left + continued);
      if (merged !== undefined) return merged;
      throw new UnrolledError(
        "UNROLLED_DATA",
        `pieces: merge ${rank}, ${JSON.stringify(left)} and ${JSON.stringify(right)}, must make one of the pieces, and ` +
          `${JSON.stringify(left + continued)} is none.`,
      );
    });
  }
}

function idsOf(pieces: readonly string[]): Map<string, number> {
  if (pieces.length === 0 || pieces.length > MOST_PIECES - 2) {
    throw new UnrolledError("UNROLLED_DATA", `pieces: expected 1 to ${MOST_PIECES - 2} of them, received ${pieces.length}.`);
  }
  const ids = new Map<string, number>();
  for (const [id, piece] of pieces.entries()) {
    if (ids.has(piece)) {
      throw new UnrolledError(
        "UNROLLED_DATA",
        `pieces: ${id} must stand only once, received ${JSON.stringify(piece)} at ${ids.get(piece)} too.`,
      );
    }
    ids.set(piece, id);
  }
  return ids;
}

/** Finds added pieces, the longest where several begin; undefined where there are none. */
function addedPattern({ added, pieces }: PieceRules): RegExp | undefined {
  const contents = added.map(({ id }) => pieces[id] as string).filter((content) => content !== "");
  if (contents.length === 0) return undefined;
  const escaped = contents
    .sort((a, b) => b.length - a.length)
    .map((content) => content.replace(/[\\^$.*+?()[\]{}|/-]/gu, (character) => `\\${character}`));
  return new RegExp(`(${escaped.join("|")})`, "u");
}
