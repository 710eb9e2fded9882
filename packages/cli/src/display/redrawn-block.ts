import { stripVTControlCharacters } from "node:util";
import type { OutputStream } from "../host.js";

const ESCAPE = "\u001b[";
/** The terminal shows what comes between these two at once, if it can. */
const BEGIN_FRAME = `${ESCAPE}?2026h`;
const END_FRAME = `${ESCAPE}?2026l`;
/** Without automatic margins a line that is too wide is cut off instead of taking a second row. */
const CUT_LINES = `${ESCAPE}?7l`;
const WRAP_LINES = `${ESCAPE}?7h`;
const CLEAR_REST_OF_LINE = `${ESCAPE}K`;
const CLEAR_BELOW = `${ESCAPE}J`;
const HIDE_CURSOR = `${ESCAPE}?25l`;
const SHOW_CURSOR = `${ESCAPE}?25h`;

/** Lines at the end of a terminal's output that are drawn over themselves. */
export class RedrawnBlock {
  readonly #stream: OutputStream;
  #drawn: readonly string[] = [];
  #isOpen = false;

  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  /** Draws the lines where the ones before stand. There must be fewer than the terminal has rows. */
  draw(lines: readonly string[]): void {
    const up = this.#rowsDrawn();
    const start = `${up > 0 ? `${ESCAPE}${up}A` : ""}\r`;
    const block = lines.map((line) => `${line}${CLEAR_REST_OF_LINE}\n`).join("");
    const cursor = this.#isOpen ? "" : HIDE_CURSOR;
    this.#stream.write(`${BEGIN_FRAME}${cursor}${CUT_LINES}${start}${block}${CLEAR_BELOW}${WRAP_LINES}${END_FRAME}`);
    this.#drawn = lines;
    this.#isOpen = true;
  }

  /** Leaves the lines where they stand; what is drawn next comes below. */
  close(): void {
    if (!this.#isOpen) return;
    this.#stream.write(SHOW_CURSOR);
    this.#drawn = [];
    this.#isOpen = false;
  }

  /** A terminal made narrower since has broken lines into several rows. */
  #rowsDrawn(): number {
    const columns = this.#stream.columns ?? Number.POSITIVE_INFINITY;
    return this.#drawn.reduce((rows, line) => rows + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)), 0);
  }
}
