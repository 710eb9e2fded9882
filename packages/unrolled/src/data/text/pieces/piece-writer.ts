import type { WrittenPiece } from "./spelling.js";

/** Writes pieces as a text, one after the other, and never a part of a character. */
export class PieceWriter {
  readonly #written: (id: number) => WrittenPiece;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #dropsSpace: boolean;
  #needsSpace = false;

  /** @internal */
  constructor(written: (id: number) => WrittenPiece, dropsFirstSpace: boolean) {
    this.#written = written;
    this.#dropsSpace = dropsFirstSpace;
  }

  /**
   * What a piece adds to the text: nothing where it ends inside of a character, which comes with the piece that completes it. Bytes that
   * make no character are U+FFFD.
   */
  write(id: number): string {
    const { bytes, endsWord } = this.#written(id);
    const text = (this.#needsSpace ? " " : "") + this.#decoder.decode(bytes, { stream: true });
    this.#needsSpace = endsWord;
    if (!this.#dropsSpace || text === "") return text;
    this.#dropsSpace = false;
    return text.startsWith(" ") ? text.slice(1) : text;
  }

  /** @internal Goes on behind a text, whose pieces these are. */
  goOnAfter(text: string, ids: Iterable<number>): void {
    for (const id of ids) this.write(id);
    if (/\s$/u.test(text)) this.#needsSpace = false;
  }

  /** Ends the text: U+FFFD where a character was begun and not completed, else nothing. */
  end(): string {
    return this.#decoder.decode();
  }
}
