import type { OutputStream } from "../host.js";
import { progressItems } from "./progress-items.js";
import type { TrainingDisplay, TrainingProgress } from "./training-display.js";
import { onOneLine } from "./visible-text.js";

const LINE_EVERY_MS = 5_000;
const SAMPLE_EVERY_MS = 15_000;
const SAMPLE_WIDTH = 100;

/** A training as lines that a log file keeps: one every few seconds, and one for where it ended. */
export class PlainDisplay implements TrainingDisplay {
  readonly #stream: OutputStream;
  readonly #now: () => number;
  #lineAt = Number.NEGATIVE_INFINITY;
  #sampleAt: number | undefined;
  #newest: TrainingProgress | undefined;
  #lastLine = "";

  constructor(stream: OutputStream, now: () => number) {
    this.#stream = stream;
    this.#now = now;
  }

  update(progress: TrainingProgress, sample?: () => string): void {
    const now = this.#now();
    this.#newest = progress;
    if (now - this.#lineAt >= LINE_EVERY_MS) {
      this.#lineAt = now;
      this.#show(progress);
    }
    this.#sampleAt ??= now + SAMPLE_EVERY_MS;
    if (sample && now >= this.#sampleAt) {
      this.#sampleAt = now + SAMPLE_EVERY_MS;
      this.notice(`  writes: ${onOneLine(sample(), SAMPLE_WIDTH)}`);
    }
  }

  notice(text: string): void {
    this.#stream.write(`${text}\n`);
  }

  finish(): void {
    if (this.#newest !== undefined) this.#show(this.#newest);
  }

  #show(progress: TrainingProgress): void {
    const line = `${progressItems(progress)
      .map(({ text }) => text)
      .join("  ")}\n`;
    if (line === this.#lastLine) return;
    this.#lastLine = line;
    this.#stream.write(line);
  }
}
